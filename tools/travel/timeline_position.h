/* SPDX-License-Identifier: GPL-2.0-or-later */
/* timeline_position.h - a point of a run that can be moved in both directions. */
#ifndef PZ_TOOLS_TRAVEL_TIMELINE_POSITION_H
#define PZ_TOOLS_TRAVEL_TIMELINE_POSITION_H

#include <stdint.h>

/*
 * A point of the run: both counts are of all VMs together, never fall, and every state that the
 * run passes through has a pair of its own. An instruction that runs directly moves `retired`, a
 * trap that is filled or injected moves `events`, one that is emulated moves both.
 *
 * `events` counts what the monitor tells (struct trace_event: exits, interrupts, world switches),
 * and VMs that have ended. An interrupt and a world switch at one point count two but cannot be
 * told apart by stopping: so not every pair can be reached. Counts are of one engine: another may
 * have other exits, but retires the same.
 */
struct timeline_position {
    uint64_t retired;
    uint64_t events;
};
#define TIMELINE_END ((struct timeline_position){UINT64_MAX, UINT64_MAX})

/* Less than, equal to or more than 0: a is before, at or behind b. */
static inline int timeline_compare(struct timeline_position a, struct timeline_position b)
{
    if (a.retired != b.retired)
        return a.retired < b.retired ? -1 : 1;
    return a.events == b.events ? 0 : a.events < b.events ? -1 : 1;
}

#endif
