/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * stops.h - breakpoints and watchpoints of the host: guests stop at addresses, at accesses to
 * memory, and after exits. The engine stops at instructions that it runs itself
 * (isa/engine/stops.h), the monitor at those it runs for the engine. Neither guests nor counters
 * can tell. The host decides what a stop means and whether the run goes on; it must expect spurious
 * stops.
 */
#ifndef PZ_VMM_STOPS_H
#define PZ_VMM_STOPS_H

#include "isa/engine/engine.h"
#include "vmm/vm.h"

/* A watched range of memory. */
struct vmm_watch {
    uint64_t at; /* guest-physical, within one page; or virtual, in any space */
    uint32_t len;
    uint16_t vm; /* guest-physical: the id of the VM */
    bool physical;
    bool loads, stores; /* accesses that stop the guest */
};

struct vmm_stops {
    /* The host's. What `at` points to must stay as it is until others are heeded. */
    bool changed;       /* some field has changed since vmm_heed_stops() */
    const uint32_t *at; /* virtual addresses in any VM; ascending, no duplicates */
    uint32_t count;
    const struct vmm_watch *watches;
    uint32_t watch_count;
    struct engine_watch *room; /* space for as many entries as there are watched ranges */
    bool (*exit)(
        void *owner,
        struct vm *vm); /* called after an exit or interrupt; true: stop. May be NULL */
    void *owner;
    bool exits; /* stop after every exit or interrupt */
    /* Called between the turns of two virtual CPUs, as a last look at the first. May be NULL. */
    void (*turn)(void *owner, struct vm *vm);
    void *turn_owner;

    /*
     * Set for the host, which clears them: the engine has met a stop; the monitor itself has
     * written watched memory for a guest.
     *        watched memory for a guest.
     */
    bool met, touched;
    /* Where a guest last exited or stopped. */
    uint32_t pc;
    uint8_t mode;
    /* Where a guest last exited; `vm` is its id. */
    uint16_t vm;
    uint64_t retired, traps;

    /* The monitor's. */
    bool unmapped; /* part of the watched guest memory is not attached yet */
    struct engine_stops engine;
};

/*
 * Stop at these places from now on; NULL: nowhere. The engine keeps the last ones, so that setting
 * them again is quick.
 */
void vmm_heed_stops(struct vmm *vmm, struct vmm_stops *stops);

/* Is the guest still at the instruction at which it exited, which is about to run again? */
bool stops_midway(const struct vm *vm);

/*
 * Let the guest go on from where it is without stopping at that address; with `access`, without
 * stopping at that instruction's accesses either.
 */
void stops_pass(struct vm *vm, bool access);

/* Is stops_pass() in force? */
bool stops_are_passed(const struct vm *vm);

/* Between two instructions of a guest: must the host be called now? */
bool stops_ask(struct vm *vm);

/* Before an instruction that the monitor runs for the engine: must the guest stop? */
bool stops_before(struct vm *vm);

/* Called when the engine has stopped before an instruction. */
void stops_met(struct vm *vm);

/* Called when the guest exits. */
void stops_exit(struct vm *vm);

/* Called when the monitor has written guest memory. */
void stops_wrote(struct vm *vm, uint64_t gpa, uint32_t len);

/* Called before a guest page becomes accessible to the engine. */
void stops_mapped(struct vm *vm);

/*
 * Called when a guest page has moved in the machine, or was detached. Only while there are stops.
 */
void stops_moved(struct vm *vm);

#endif
