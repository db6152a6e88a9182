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
    uint64_t (*clock)(void *owner); /* nanoseconds; only for the counters, never for guests */
    uint64_t (*turns)(void *owner); /* the same, for what turns cost: SCHED_CHARGE_HOST */
    void (*trace)(void *owner, const struct trace_event *event); /* each at once: slow */
    bool translated;           /* `trace` is told of what translation runs in place, too */
    struct trace_buffer *kept; /* the same events, a number of them at a time; or NULL */
    /*
     * An instruction has retired directly; those in an exit are reported by trace. True: vmm_step()
     * returns. The engine runs one at a time: slow.
     */
    bool (*insn)(void *owner, struct vm *vm);
    void *owner;
    void (*probe)(void *owner, struct vm *vm, const struct probe *probe); /* see probe.h */
    void *probe_owner;
};

/*
 * Whose turn it is, and up to which count of its instructions: fewer if exits have a price
 * (sched_account.h). `vm` NULL: no VM's.
 */
struct vmm_turn {
    struct vm *vm;
    uint64_t start, end;
    uint64_t exits; /* of the VM, when it began */
    uint64_t began; /* host time, with SCHED_CHARGE_HOST */
};

/* Where guests run if the world switch was replaced: parts_run(). */
struct vmm_cpu {
    struct hart hart;
    const struct vm *vm; /* whose world is on it, after a budget has ended; NULL: none... */
    struct hart saved;   /* ...and what its virtual CPU was then */
    uint32_t root;       /* of the shadow that it was set to, */
    uint64_t look; /* and the count at which interrupts must be looked at (parts_goes_on()) */
};

/*
 * Where guests' pages go when machine memory is short: a place for each page of each VM's RAM.
 * `write`: false, it could not be kept. `read`: the bytes, valid until the page is written again;
 * NULL: they are lost.
 */
struct paging_store {
    bool (*write)(void *owner, unsigned vm, uint32_t page, const uint8_t *bytes);
    const uint8_t *(*read)(void *owner, unsigned vm, uint32_t page);
    void *owner;
};

struct paging {
    struct paging_store store;
    uint32_t clock;   /* counts pages asked for */
    uint32_t hand;    /* the machine page that was considered last */
    uint64_t out, in; /* pages written and read, so far */
};

struct vmm {
    struct engine *engine;
    struct allocator allocator;
    struct vmm_host host;
    uint32_t variants; /* of the CPU's instruction set (variant.h); before VMs are added */
    uint64_t slice;    /* instructions a VM may retire before another gets its turn */
    const struct vmm_parts *parts; /* parts.h; to be set before VMs are added */
    struct vmm_cpu cpu;

    /*
     * No VM's `time` goes beyond this while guests are paced (so that a second in a guest lasts a
     * second at a terminal); VMM_NO_HORIZON otherwise.
     */
    uint64_t horizon;

    bool pages_move; /* machine pages of guests come and go (memory.h), by one of these: */
    struct share share;
    struct paging paging;

    struct vmm_stops *stops; /* stops.h: where guests are to be stopped; NULL: nowhere */

    struct vm *vms[VMM_VMS];
    unsigned vm_count;
    struct vmm_turn turn;
    uint64_t events;    /* reported so far (struct trace_event), and VMs that have ended */
    bool halt;          /* set by a callback: nothing retires before vmm_step() returns */
    struct vm *current; /* whose world the CPU is set to */
    uint64_t switches;  /* world switches */
    struct sched sched; /* sched.h; to be chosen before anything runs */
};

/* Where guests are to be stopped; NULL: nowhere. */
static inline struct vmm_stops *vmm_stops(const struct vmm *vmm)
{
    return PZ_HOSTED ? vmm->stops : NULL;
}

/* May a guest's page be elsewhere in the machine at another time, or nowhere? */
static inline bool vmm_pages_move(const struct vmm *vmm)
{
    return PZ_HOSTED && vmm->pages_move;
}

enum vmm_status {
    VMM_RAN,     /* a VM has had its turn */
    VMM_WAITING, /* all wait until the horizon moves (vmm_wake_time()), or are paused */
    VMM_DONE,    /* no VM is alive */
};

/*
 * Machine memory is the engine's RAM, zeroed. False: too small.
 */
bool vmm_init(struct vmm *vmm, struct engine *engine,
              const struct vmm_host *host) PZ_MUST_CHECK;

/*
 * A new VM, powered on but not booted. `vm` is the caller's memory and must not move. False: no
 * machine memory, or too many VMs.
 */
bool vmm_add(struct vmm *vmm, struct vm *vm, const struct vm_config *config) PZ_MUST_CHECK;

/* With kernel and device tree in its memory: set the virtual CPU to enter the kernel. */
void vmm_boot(struct vm *vm, uint32_t entry, uint32_t dtb);

/* Give one VM its turn: at most a slice. `*ran` is that VM if VMM_RAN; may be NULL. */
enum vmm_status vmm_run(struct vmm *vmm, struct vm **ran);

/*
 * A part of a turn: one stay on the CPU, in which at most `cut` instructions retire. A turn gives
 * the same result however it is cut: instructions, events and whose turn is next. With a `cut` of
 * 0 an interrupt that is due is taken and the world is switched, but nothing retires.
 */
enum vmm_status vmm_step(struct vmm *vmm, uint64_t cut, struct vm **ran);

/*
 * As vmm_step(), with as many stays as fit before the cut, where that makes no difference: for
 * callers that do not examine single exits.
 */
enum vmm_status vmm_stay(struct vmm *vmm, uint64_t cut);

/* The VM that vmm_step() would run: its turn has begun. NULL: none can. */
struct vm *vmm_next(struct vmm *vmm);

/* The earliest `time` at which a waiting VM goes on; VMM_NO_HORIZON for none. */
uint64_t vmm_wake_time(const struct vmm *vmm);

/* Return everything a VM had to the allocator; other VMs keep their ids. */
void vmm_remove(struct vmm *vmm, struct vm *vm);

#endif
