/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * levels.h - machines inside each other, where a VM runs type 1: what each monitor knows of the
 * machine above it, read from its memory. Level 0 is this monitor; the VM is level 1.
 *
 * All that a guest says is hostile: it is only ever shown.
 */
#ifndef PZ_TOOLS_DEBUG_LEVELS_H
#define PZ_TOOLS_DEBUG_LEVELS_H

#include "tools/show/show.h"
#include "vmm/type1/guide.h"
#include "vmm/vm.h"

#define LEVELS_MOST 8u
#define LEVELS_NAME 32u
#define LEVELS_TEXT 80

struct level {
    struct levels *all;
    unsigned number;
    char name[LEVELS_NAME];
    struct hart hart;   /* CSRs and mode as the monitor below knows them */
    uint32_t shadow;    /* satp under which it last ran: of a table in the level below */
    struct guide guide; /* of the type 1 that it runs; magic 0: it runs something else */
    bool left;          /* it has trapped... */
    unsigned left_to;   /* ...to this level... */
    struct trap trap;   /* ...by this */
    struct phys eyes;   /* its memory, to be read only */

    /* Of its pmap, in the level below. */
    uint32_t root;
    uint64_t ram_base, ram_size;
};

/* Does not move: it points to itself. */
struct levels {
    struct vm *vm;
    struct level of[LEVELS_MOST + 1];
    unsigned count;   /* the highest; 1: the VM has no VMs */
    unsigned running; /* whose registers are on the hart */
};

/* All, now. `hart` is the VM's, `kernel` has the symbols of its kernel. */
void levels_find(struct levels *levels, struct vm *vm, const struct hart *hart,
                 const struct symbols *kernel);

/* Does it run type 1, a monitor with its own VMs? */
bool levels_is_monitor(const struct levels *levels, unsigned level);

/*
 * Of a level's physical address, that in the level below, which is the machine's below level 1.
 * False: there is none, or none yet.
 */
bool levels_below(const struct levels *levels, unsigned level, uint64_t *pa) PZ_MUST_CHECK;

/* Where it stands: "runs", "has entered level 3", "trapped to level 1: page fault, 0x1000". */
const char *levels_state(const struct levels *levels, unsigned level, char text[LEVELS_TEXT]);

#endif
