/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * vmm.h - the monitor as a whole, for its users: a machine with memory and a CPU (an
 * engine), and the VMs that share them. Memory for struct vmm and struct vm comes from the
 * caller; machine memory from the allocator. See vm.h for one VM, sched.h for whose turn it is.
 */
#ifndef PZ_VMM_VMM_H
#define PZ_VMM_VMM_H

#include "vmm/hosted.h"
#include "vmm/share.h"
#include "vmm/vm.h"

#define VMM_VMS (PZ_HOSTED ? 1024u : 8u)
#define VMM_SLICE_DEFAULT 1000000u
#define VMM_NO_HORIZON UINT64_MAX

struct probe;
struct vmm_parts;
struct vmm_stops;

/* What the host does for the monitor. All may be NULL. */
struct vmm_host {
    uint64_t (*clock)(void *owner); /* nanoseconds; for the counters only, never for guests */
    uint64_t (*turns)(void *owner); /* nanoseconds, for SCHED_CHARGE_HOST */
    void (*trace)(void *owner,
                  const struct trace_event *event); /* called for each event: slow */
    bool translated;           /* also report instructions that translation runs in place */
    struct trace_buffer *kept; /* the same events, in batches; may be NULL */
    /*
     * Called when an instruction has retired directly; trace reports those in an exit. True:
     * vmm_step() returns. The engine runs one instruction at a time: slow.
     */
    bool (*insn)(void *owner, struct vm *vm);
    void *owner;
    void (*probe)(void *owner, struct vm *vm, const struct probe *probe); /* see probe.h */
    void *probe_owner;
};

/*
 * The current turn: its VM (NULL: none), and the retired count at which it ends, earlier if exits
 * have a price (sched_account.h).
 */
struct vmm_turn {
    struct vm *vm;
    uint64_t start, end;
    uint64_t exits; /* the VM's exits when the turn began */
    uint64_t began; /* the machine's time then, with SCHED_CHARGE_HOST */
};

/* The CPU on which guests run if the world switch was replaced: parts_run(). */
struct vmm_cpu {
    struct hart hart;
    const struct vm *vm; /* the world loaded when a budget ended; NULL: none... */
    struct hart saved;   /* ...and its virtual CPU at that time */
    uint32_t root;       /* its shadow root... */
    uint64_t look; /* ...and the count at which interrupts must be checked (parts_goes_on()) */
};

/*
 * Backing store for guest pages, with a place for each page of each VM's RAM. `write` returns false
 * if the page could not be stored. `read` returns the bytes, valid until the page is written again;
 * NULL: they are lost.
 */
struct paging_store {
    bool (*write)(void *owner, unsigned vm, uint32_t page, const uint8_t *bytes);
    const uint8_t *(*read)(void *owner, unsigned vm, uint32_t page);
    void *owner;
};

struct paging {
    struct paging_store store;
    uint32_t clock;   /* counts uses of pages */
    uint32_t hand;    /* the machine page examined last */
    uint64_t out, in; /* total pages written and read */
};

struct vmm {
    struct engine *engine;
    struct allocator allocator;
    struct vmm_host host;
    uint32_t variants; /* of the CPU's instruction set (variant.h); before VMs are added */
    uint64_t slice;    /* instructions a VM may retire before another gets its turn */
    const struct vmm_parts *parts; /* parts.h; set before VMs are added */
    struct vmm_cpu cpu;

    /*
     * While guests are paced, so that a second in a guest lasts a second at a terminal, no VM's
     * `time` passes this; otherwise VMM_NO_HORIZON.
     */
    uint64_t horizon;

    bool pages_move; /* guests' machine pages come and go (memory.h), through one of: */
    struct share share;
    struct paging paging;

    struct vmm_stops *stops; /* where guests stop (stops.h); NULL: nowhere */

    struct vm *vms[VMM_VMS];
    unsigned vm_count;
    struct vmm_turn turn;
    uint64_t events;    /* events reported so far, plus VMs that have ended */
    bool halt;          /* set by a callback: vmm_step() returns before another retires */
    struct vm *current; /* the VM whose world is on the CPU */
    uint64_t switches;  /* world switches */
    struct sched sched; /* sched.h; chosen before anything runs */
};

/* Where guests stop; NULL: nowhere. */
static inline struct vmm_stops *vmm_stops(const struct vmm *vmm)
{
    return PZ_HOSTED ? vmm->stops : NULL;
}

/* Can guest pages move in the machine, or be detached? */
static inline bool vmm_pages_move(const struct vmm *vmm)
{
    return PZ_HOSTED && vmm->pages_move;
}

enum vmm_status {
    VMM_RAN,     /* a VM has had its turn */
    VMM_WAITING, /* all VMs wait for the horizon to move (vmm_wake_time()), or are paused */
    VMM_DONE,    /* no VM is alive */
};

/* Initialise the monitor; machine memory is the engine's RAM, zeroed. False: it is too small. */
bool vmm_init(struct vmm *vmm, struct engine *engine,
              const struct vmm_host *host) PZ_MUST_CHECK;

/*
 * Add a VM, powered on but not booted. `vm` is the caller's memory and must not move. False: no
 * machine memory is left, or there are too many VMs.
 */
bool vmm_add(struct vmm *vmm, struct vm *vm, const struct vm_config *config) PZ_MUST_CHECK;

/* Set the virtual CPU to enter the kernel, once kernel and device tree are in the VM's memory. */
void vmm_boot(struct vm *vm, uint32_t entry, uint32_t dtb);

/* Run one VM's turn: at most a slice. `*ran` is that VM after VMM_RAN; `ran` may be NULL. */
enum vmm_status vmm_run(struct vmm *vmm, struct vm **ran);

/*
 * Run a part of a turn: one stay on the CPU, in which at most `cut` instructions retire. A turn
 * gives the same instructions, events and next VM however it is cut. With a `cut` of 0 a due
 * interrupt is taken and the world is switched, but nothing retires.
 */
enum vmm_status vmm_step(struct vmm *vmm, uint64_t cut, struct vm **ran);

/*
 * As vmm_step(), but with as many stays as fit before the cut: for callers that do not examine
 * single exits.
 */
enum vmm_status vmm_stay(struct vmm *vmm, uint64_t cut);

/* The VM that vmm_step() would run, whose turn has begun; NULL: none can run. */
struct vm *vmm_next(struct vmm *vmm);

/* The earliest `time` at which a waiting VM goes on; VMM_NO_HORIZON: none is waiting. */
uint64_t vmm_wake_time(const struct vmm *vmm);

/* Remove a VM and free all its memory; other VMs keep their ids. */
void vmm_remove(struct vmm *vmm, struct vm *vm);

#endif
