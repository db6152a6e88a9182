/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * tally.h - how many exits of each kind each VM has had along a run: by action, in steps of as many
 * instructions of all VMs together. The steps grow with the run, so that it is counted in the same
 * memory however long it is. Who counts, and that each exit is counted once, is the timeline's.
 */
#ifndef PZ_TOOLS_TRAVEL_TALLY_H
#define PZ_TOOLS_TRAVEL_TALLY_H

#include "tools/host/host.h"
#include "vmm/trace.h"

struct tally {
    unsigned vms, steps; /* so many steps at most: a power of two */
    uint64_t begin;      /* instructions at which the run begins */
    uint64_t width;      /* of a step, in instructions: a power of two */
    uint32_t **rows;     /* by VM and action: its exits in each step; NULL: none yet */
    bool lost;           /* there was no memory for some */
};

enum pz_err tally_open(struct tally *tally, unsigned vms, uint64_t begin,
                       struct problem *problem) PZ_MUST_CHECK;
void tally_close(struct tally *tally);

/* Nothing is counted, and the run begins there. */
void tally_begin(struct tally *tally, uint64_t begin);

/* One more, where all VMs together have retired so many instructions: from `begin` on. */
void tally_add(struct tally *tally, uint64_t retired, unsigned vm, enum trace_action action);

/* Those of whole steps: from the one that `from` is in up to, and without, the one `to` is in. */
uint64_t tally_sum(const struct tally *tally, unsigned vm, enum trace_action action,
                   uint64_t from, uint64_t to);

/*
 * Where the last step begins, before the one of `retired`, in which a VM has had an exit that is no
 * world switch. `begin`: in none.
 */
uint64_t tally_exit_before(const struct tally *tally, unsigned vm, uint64_t retired);

/* Where the step begins that a place is in. */
static inline uint64_t tally_step(const struct tally *tally, uint64_t retired)
{
    return retired - (retired - tally->begin) % tally->width;
}

#endif
