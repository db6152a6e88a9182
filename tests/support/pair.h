/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * pair.h - a guest bare and virtualised, as `pz verify` with these words would run it: for tests
 * of what the command line can ask for.
 */
#ifndef PZ_TESTS_SUPPORT_PAIR_H
#define PZ_TESTS_SUPPORT_PAIR_H

#include "tools/verify/lockstep_first.h"

struct pair {
    struct options options;
    const struct engines_kind *kind;
    struct lockstep lockstep;
};

/* `words` is "--monitor hybrid", the guest's file behind it. Aborts when they are wrong. */
struct pair *pair_open(const struct engines_kind *kind, const char *guest, const char *words);
void pair_close(struct pair *pair);

/* To the end; false: the two differ. */
bool pair_run(struct pair *pair);

/* The same, each turn cut into pieces of random length. */
bool pair_run_cut(struct pair *pair, uint64_t seed);

/* They differ: at which instruction first? */
void pair_first(const struct pair *pair, struct lockstep_first *first);

/* For lockstep_first(): always true. */
bool pair_go_on(void *owner, const struct lockstep *pair);

#endif
