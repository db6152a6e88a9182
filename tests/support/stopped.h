/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * stopped.h - random programs with random stops (isa/engine/stops.h): the tested engine has them,
 * the truth has none and is stepped, with a plain search before each instruction.
 */
#ifndef PZ_TESTS_SUPPORT_STOPPED_H
#define PZ_TESTS_SUPPORT_STOPPED_H

#include "isa/engine/engine.h"
#include "tests/support/compare.h"
#include "tests/support/random.h"

#define STOPPED_MOST 4096u
#define STOPPED_WATCHES 4u

struct stopped {
    struct rng rng;
    bool thousands; /* of addresses, each time; else a few */
    uint32_t at[STOPPED_MOST];
    struct engine_watch watches[STOPPED_WATCHES];
    struct engine_stops stops;
    struct engine_passed passed; /* the truth's */
    uint64_t hits, accesses;     /* stops met so far; those at no stop address */
};

void stopped_begin(struct stopped *stopped, uint64_t seed, bool thousands);

/*
 * Run both to the end of the budget or a trap, with other stops now and then. False: they stop
 * differently; comparison->difference says how.
 */
bool stopped_run(struct comparison *comparison, const struct program *program, uint64_t budget);

#endif
