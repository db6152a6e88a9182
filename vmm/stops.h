/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * stops.h - where the host wants its guests stopped: at addresses, at accesses to memory, and
 * after exits. The engine stops at what it runs itself (isa/engine/stops.h), the monitor at what
 * it does in the engine's place. No guest and no counter can tell. What a stop means, and whether
 * the run goes on, is the host's to decide: it is stopped more often than it asks for.
 */
#ifndef PZ_VMM_STOPS_H
#define PZ_VMM_STOPS_H

#include "isa/engine/engine.h"
#include "vmm/vm.h"

/* A stretch of memory. */
struct vmm_watch {
    uint64_t
        at; /* guest-physical: then it lies in one page. Or virtual, in any address space */
    uint32_t len;
    uint16_t vm; /* guest-physical: of this one; a VM's id */
    bool physical;
    bool loads, stores; /* the accesses that stop */
};

struct vmm_stops {
    /* The host's. What `at` points to must stay as it is until others are heeded. */
    bool changed;       /* any of these, since they were last heeded */
    const uint32_t *at; /* virtual addresses in any VM; ascending, each once */
    uint32_t count;
    const struct vmm_watch *watches;
    uint32_t watch_count;
    struct engine_watch *room; /* for as many */
    bool (*exit)(void *owner,
                 struct vm *vm); /* after an exit or an interrupt: true: stop. Or NULL */
    void *owner;
    bool exits; /* stop after each of those */
    /* A virtual CPU's turn is over, and another's about to begin: the last look at it. Or NULL. */
    void (*turn)(void *owner, struct vm *vm);
    void *turn_owner;

    /* Told to the host, which clears these: the engine is at a stop; the monitor itself wrote
       watched memory for a guest. */
    bool met, touched;
    /* Where a guest was when it last exited, or came to a stop. */
    uint32_t pc;
    uint8_t mode;
    /* The same for exits only: `vm` is its id. */
    uint16_t vm;
    uint64_t retired, traps;

    /* The monitor's. */
    bool unmapped; /* some of the guest-physical memory has no machine memory yet */
    struct engine_stops engine;
};

/*
 * Stop there from now on; NULL: nowhere. Those heeded last remain with the engine, so that it is
 * quick to heed them again.
 */
void vmm_heed_stops(struct vmm *vmm, struct vmm_stops *stops);

/* Is the guest still at the instruction at which it exited: that is to run, again? */
bool stops_midway(const struct vm *vm);

/*
 * The guest goes on from where it is, though its address may be one to stop at; with `access`,
 * whatever it accesses there.
 */
void stops_pass(struct vm *vm, bool access);

/* Has it been told to? */
bool stops_are_passed(const struct vm *vm);

/* Between two instructions of a guest: is the host to look now? */
bool stops_ask(struct vm *vm);

/* Before an instruction that the monitor runs in the engine's place: the same. */
bool stops_before(struct vm *vm);

/* The engine has stopped before an instruction. */
void stops_met(struct vm *vm);

/* The guest exits from where it is. */
void stops_exit(struct vm *vm);

/* The monitor wrote guest memory. */
void stops_wrote(struct vm *vm, uint64_t gpa, uint32_t len);

/* The engine is about to reach a page of the guest's that it could not reach before. */
void stops_mapped(struct vm *vm);

/* A page of the guest's is elsewhere in the machine now, or nowhere. There are stops. */
void stops_moved(struct vm *vm);

#endif
