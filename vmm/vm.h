/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * vm.h - one virtual machine: its virtual CPUs, a board, the memory behind it, and how it ended.
 * What is done with it is in vcpu.c (running), dispatch.c (exits), interpret.c (emulation).
 */
#ifndef PZ_VMM_VM_H
#define PZ_VMM_VM_H

#include "isa/variant.h"
#include "vmm/adapt.h"
#include "vmm/board/board.h"
#include "vmm/monitor.h"
#include "vmm/para_interface.h"
#include "vmm/pmap.h"
#include "vmm/sched_account.h"
#include "vmm/shadow.h"
#include "vmm/trace.h"

#define VM_SHARES_DEFAULT 100u
#define VM_SHARES_MOST 10000u

/*
 * What a guest would see of the real CPU and machine if it could (variant.h): interrupts are on
 * while a guest runs, the monitor's code is in the last page, its console is idle. Each VM has its
 * own counters, in which an exit counts as a fixed number of instructions.
 */
#define VM_REAL_SSTATUS (SSTATUS_SIE | SSTATUS_SPIE)
#define VM_REAL_STVEC 0xfffff000u
#define VM_REAL_DEVICE 0x60u /* line status: transmitter empty and idle */
#define VM_EXIT_INSNS 1000u

/* Why a VM no longer runs. The first reason stays. */
enum vm_end {
    VM_RUNS,
    VM_OFF,         /* shut down by its guest */
    VM_FAILED,      /* shut down by its guest, which reported a failure */
    VM_IDLE,        /* waits for an interrupt that can never come */
    VM_STUCK,       /* traps endlessly in its own trap handler */
    VM_NO_MEMORY,   /* killed: the machine has no page left for it */
    VM_LIMIT,       /* stopped: it has retired as many instructions as allowed */
    VM_KILLED,      /* killed from outside */
    VM_NO_PROGRESS, /* killed: a part of the monitor handles the same fault for ever (parts.h) */
    VM_ENDS,
};

struct vm_config {
    const char *name;  /* for messages; not copied */
    uint64_t ram_base; /* guest-physical; page-aligned */
    uint64_t ram_size; /* page-aligned, at most 4 GiB */
    uint32_t shares;   /* of the CPU; 1 to VM_SHARES_MOST */
    uint32_t cap;      /* per cent of the machine's time that it gets at the most; 0: no cap */
    uint32_t reserve;  /* the same, at the least if it wants them; 0: none */
    uint64_t limit;    /* instructions it may retire; UINT64_MAX for no limit */
    enum vm_monitor monitor;
    enum shadow_policy policy;
    unsigned cpus;          /* virtual CPUs, 1 to HARTS_MOST; 0: 1 */
    uint64_t quantum;       /* instructions that a virtual CPU's turn lasts; 0: the usual */
    uint32_t shadow_tables; /* leaf tables at the most, SHADOW_TABLES_LEAST or more */
    struct board_host host;
};

struct vmm;

/* A virtual CPU: what a VM has of each. */
struct vcpu {
    struct hart hart;   /* what the guest believes to be the real CPU */
    uint64_t walked_at; /* with a part for the walk: `retired` when it was last asked... */
    uint32_t walks;     /* ...and how often, since then */
    struct para_cpu para;

    /* An exit whose handling was cut short, see vmm_step(): a page is being interpreted. */
    uint32_t interpreting; /* instructions that it may go on for; 0: there is no such exit */
    struct trace_event handled; /* the exit, to be told at its end */
};

struct vm {
    struct vmm *vmm;
    struct vm_config config;
    uint16_t id;
    uint8_t end; /* enum vm_end */
    bool paused;
    struct variant_cpu variant; /* the CPU's variants, while it is this VM's */
    struct vcpu vcpus[HARTS_MOST];
    struct vcpu *cpu; /* the one that has its turn: what happens to the VM happens to it */
    struct board board;
    struct phys phys; /* guest-physical memory, for the interpreter and the board */
    struct pmap pmap;
    struct trace_counters counters;
    struct adapt adapt; /* binary translation: which accesses are callouts */
    uint64_t *dirty;    /* pages written to: dirty.h; NULL: nobody asks */
    uint64_t wake;      /* `time` at which a waiting VM goes on; 0: it is not waiting */
    struct sched_account sched;
    bool yields;          /* the rest of the slice is given up */
    uint64_t slept;       /* the ticks of `time` for which it was */
    struct shadow shadow; /* the largest comes last: what each exit needs is in few pages */
};

/* Instructions that all its virtual CPUs have retired. */
static inline uint64_t vm_retired(const struct vm *vm)
{
    return harts_retired(&vm->board.harts, &vm->cpu->hart);
}

/* The number of a virtual CPU: its hart id. */
static inline unsigned vm_cpu_id(const struct vm *vm, const struct vcpu *cpu)
{
    return (unsigned)(cpu - vm->vcpus);
}

/* How a VM ended, in words; "running" while it has not. */
const char *vm_end_text(enum vm_end end);

/* End a VM, unless it has ended: its first reason stays. */
void vm_kill(struct vm *vm, enum vm_end reason);

/*
 * The virtual CPU takes a trap: board_trap(). Where its satp changes by that, it is as if its
 * kernel had written it.
 */
void vm_trap(struct vm *vm, const struct trap *trap);

/* Its guest has asked for a restart (vmm/board/restart.h): do it. False: the VM has ended. */
bool vm_restart(struct vm *vm) PZ_MUST_CHECK;

/* A VM that has not ended. */
static inline bool vm_alive(const struct vm *vm)
{
    return vm->end == VM_RUNS;
}

/* Is there an exit to be gone on with? Type 1 interprets no pages: its CPU traps all it should. */
static inline bool vm_interprets(const struct vm *vm)
{
    return PZ_HOSTED && vm->cpu->interpreting;
}

/*
 * Guest-physical memory from outside: loaders, `pz map`, tests. False, and nothing done, if any
 * byte is not the VM's RAM (or, for a write, no machine page is left).
 */
bool vm_read(struct vm *vm, struct gpa gpa, void *buffer, uint32_t len) PZ_MUST_CHECK;
bool vm_write(struct vm *vm, struct gpa gpa, const void *buffer, uint32_t len) PZ_MUST_CHECK;

/*
 * What has to be done when bytes of the VM's RAM have been written other than by its harts' own
 * instructions: at a guest-physical address that is attached at `mpa`.
 */
void vm_wrote_at(struct vm *vm, struct mpa mpa, uint64_t pa, uint32_t len);

/* The share of its instructions that ran directly on the engine's CPU, 0 to 1, times 1e6. */
uint32_t vm_direct_ppm(const struct vm *vm);

/* The address space of the virtual CPU that has its turn. */
struct sv32_space vm_space(struct vm *vm);

/* The instruction at a gva, for the trace; 0 when it cannot be fetched. Changes nothing. */
uint32_t vm_insn_at(struct vm *vm, uint32_t va);

/*
 * Does every shadow entry map a page of this VM, or without W one that it shares, with no more
 * rights than the guest's entry allows? Returns how many do not. Under `lazy` and `flush` an entry
 * may be older than the guest's (as in a TLB): those are counted in `*stale` instead, but foreign
 * pages never are.
 */
unsigned vm_shadow_check(struct vm *vm, unsigned *stale);

#endif
