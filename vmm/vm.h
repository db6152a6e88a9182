/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * vm.h - one virtual machine: its virtual CPUs, board and memory, and how it ended. vcpu.c runs it,
 * dispatch.c handles its exits, interpret.c emulates its instructions.
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
 * What broken instruction sets (variant.h) let a guest see of the real machine: interrupts are
 * enabled while a guest runs, the monitor's code is in the last page, and the console is idle. Each
 * VM has its own counters, in which an exit counts as a fixed number of instructions.
 */
#define VM_REAL_SSTATUS (SSTATUS_SIE | SSTATUS_SPIE)
#define VM_REAL_STVEC 0xfffff000u
#define VM_REAL_DEVICE 0x60u /* line status: transmitter empty and idle */
#define VM_EXIT_INSNS 1000u

/* Why a VM no longer runs. The first reason is kept. */
enum vm_end {
    VM_RUNS,
    VM_OFF,         /* shut down by its guest */
    VM_FAILED,      /* shut down by its guest, which reported a failure */
    VM_IDLE,        /* waits for an interrupt that can never arrive */
    VM_STUCK,       /* traps endlessly in its own trap handler */
    VM_NO_MEMORY,   /* killed: the machine has no page left for it */
    VM_LIMIT,       /* stopped: it has retired as many instructions as allowed */
    VM_KILLED,      /* killed from outside */
    VM_NO_PROGRESS, /* killed: a part of the monitor handles the same fault forever (parts.h) */
    VM_ENDS,
};

struct vm_config {
    const char *name;  /* for messages; not copied */
    uint64_t ram_base; /* guest-physical; page-aligned */
    uint64_t ram_size; /* page-aligned, at most 4 GiB */
    uint32_t shares;   /* of CPU time; 1 to VM_SHARES_MOST */
    uint32_t cap;      /* maximum per cent of the machine's time; 0: no cap */
    uint32_t reserve;  /* guaranteed per cent of it, on demand; 0: none */
    uint64_t limit;    /* instructions it may retire; UINT64_MAX for no limit */
    enum vm_monitor monitor;
    enum shadow_policy policy;
    unsigned cpus;          /* virtual CPUs, 1 to HARTS_MOST; 0: 1 */
    uint64_t quantum;       /* length of a virtual CPU's turn in instructions; 0: the default */
    uint32_t shadow_tables; /* limit on leaf tables, SHADOW_TABLES_LEAST or more */
    struct board_host host;
};

struct vmm;

/* The state of a virtual CPU. */
struct vcpu {
    struct hart hart;   /* the guest takes this for the real CPU */
    uint64_t walked_at; /* with a replaced walk: `retired` at the last walk... */
    uint32_t walks;     /* ...and the number of walks at that count */
    struct para_cpu para;

    /* An exit whose handling was cut short (vmm_step()): a page is being interpreted. */
    uint32_t interpreting;      /* instructions left; 0: there is no such exit */
    struct trace_event handled; /* the exit, reported at its end */
};

struct vm {
    struct vmm *vmm;
    struct vm_config config;
    uint16_t id;
    uint8_t end; /* enum vm_end */
    bool paused;
    struct variant_cpu variant; /* the CPU's variants, while it is this VM's */
    struct vcpu vcpus[HARTS_MOST];
    struct vcpu *cpu; /* the current one: exits and traps of the VM are its own */
    struct board board;
    struct phys phys; /* guest-physical memory, for the interpreter and the board */
    struct pmap pmap;
    struct trace_counters counters;
    struct adapt adapt; /* binary translation: which accesses are callouts */
    uint64_t *dirty;    /* bitmap of dirty pages (dirty.h); NULL: not tracked */
    uint64_t wake;      /* `time` at which a waiting VM goes on; 0: not waiting */
    struct sched_account sched;
    bool yields;          /* it gives up the rest of its slice */
    uint64_t slept;       /* ticks of `time` spent waiting */
    struct shadow shadow; /* last, being the largest: the fields above stay in few pages */
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

/* How a VM ended, in words, or "running". */
const char *vm_end_text(enum vm_end end);

/* End a VM, unless it has ended before. */
void vm_kill(struct vm *vm, enum vm_end reason);

/*
 * Deliver a trap to the virtual CPU (board_trap()). If this changes satp, the effect is as if the
 * kernel had written satp.
 */
void vm_trap(struct vm *vm, const struct trap *trap);

/* Perform a restart that the guest has asked for (vmm/board/restart.h). False: the VM has ended. */
bool vm_restart(struct vm *vm) PZ_MUST_CHECK;

/* Is the VM still running or waiting? */
static inline bool vm_alive(const struct vm *vm)
{
    return vm->end == VM_RUNS;
}

/*
 * Is there an unfinished exit? Type 1 interprets no pages: its CPU traps every sensitive
 * instruction.
 */
static inline bool vm_interprets(const struct vm *vm)
{
    return PZ_HOSTED && vm->cpu->interpreting;
}

/*
 * Access guest-physical memory from outside: for loaders, `pz map` and tests. False, with nothing
 * done: some byte is not in the VM's RAM, or no machine page is left for a write.
 */
bool vm_read(struct vm *vm, struct gpa gpa, void *buffer, uint32_t len) PZ_MUST_CHECK;
bool vm_write(struct vm *vm, struct gpa gpa, const void *buffer, uint32_t len) PZ_MUST_CHECK;

/*
 * Call after anything but the VM's own harts has written bytes of its RAM at guest-physical `pa`,
 * which is attached at `mpa`.
 */
void vm_wrote_at(struct vm *vm, struct mpa mpa, uint64_t pa, uint32_t len);

/* Count the VM's pages by kind: also those it shares, and with PAGE_KINDS all that it owns. */
void vm_census(const struct vm *vm, uint32_t count[PAGE_KINDS + 1]);

/* Millionths of its instructions that ran directly on the engine's CPU. */
uint32_t vm_direct_ppm(const struct vm *vm);

/* The address space of the current virtual CPU. */
struct sv32_space vm_space(struct vm *vm);

/* The instruction at a gva, for the trace; 0 if it cannot be fetched. Changes nothing. */
uint32_t vm_insn_at(struct vm *vm, uint32_t va);

/*
 * Check that every shadow entry maps a page of this VM, or a shared page without W, with no more
 * rights than the guest's entry allows. Returns the number of entries that do not. Under `lazy` and
 * `flush` an entry may be older than the guest's, as in a TLB: such entries are counted in `*stale`
 * instead, unless they map a foreign page.
 */
unsigned vm_shadow_check(struct vm *vm, unsigned *stale);

#endif
