/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * plan.h - translates points to stop addresses and watched memory for the engine and the monitor
 * (vmm/stops.h), so that a run with points is as fast as one without, and points are checked only
 * where they can match. Checking them is left to points.c. The result is called a plan.
 */
#ifndef PZ_TOOLS_DEBUG_PLAN_H
#define PZ_TOOLS_DEBUG_PLAN_H

#include "tools/debug/points.h"
#include "vmm/stops.h"

#define PLAN_WATCHES 448u /* six for each of the points that watch memory, and gdb's */

struct debug_plan {
    struct vmm_stops stops;
    struct debug_points *points;
    /* Two of each: one is in use by the engine while the other is made. */
    uint32_t at[2][DEBUG_POINTS];
    struct vmm_watch watches[2][PLAN_WATCHES];
    struct engine_watch room[PLAN_WATCHES];
    unsigned at_now, watches_now;
};

/*
 * Make the plan for a run with the points (NULL: none) and with further memory watched (`extra`).
 * False: it has no room for all, and they must be checked after each instruction.
 */
bool debug_plan_make(struct debug_plan *plan, struct debug_points *points, struct vm *vms,
                     const struct vmm_watch *extra, unsigned extra_count);

/* During a run: update it if watched virtual addresses have been mapped elsewhere. */
void debug_plan_follow(struct debug_plan *plan, struct vm *vms);

#endif
