/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * lockstep_first.h - finds where exactly two runs diverge. Comparing at traps tells only that they
 * do; here both are run again, from the start, and compared after every instruction.
 */
#ifndef PZ_TOOLS_VERIFY_LOCKSTEP_FIRST_H
#define PZ_TOOLS_VERIFY_LOCKSTEP_FIRST_H

#include "tools/verify/lockstep.h"

/* The instruction after which the two harts differ for the first time. */
struct lockstep_first {
    bool found;                   /* false: no registers differ in the part searched */
    uint32_t raw;                 /* its bits */
    struct hart before;           /* the same on both sides; its pc is the instruction's */
    struct difference difference; /* after it; `bare_code` is around the pc before it */
};

/* Called now and then, with the present state: false ends the search with nothing found. */
typedef bool lockstep_go_on(void *owner, const struct lockstep *pair);

/*
 * Search the first `most` instructions. A long run is searched in strides first: then a difference
 * that disappears again within a stride is missed.
 */
enum pz_err lockstep_first(struct lockstep_first *first, const struct options *options,
                           const struct engines_kind *kind, uint64_t most,
                           lockstep_go_on *go_on, void *owner,
                           struct problem *problem) PZ_MUST_CHECK;

#endif
