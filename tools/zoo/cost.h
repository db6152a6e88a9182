/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cost.h - what a unit of work costs in a kind of machine, by counts that are the same in every
 * run: never by time.
 */
#ifndef PZ_TOOLS_ZOO_COST_H
#define PZ_TOOLS_ZOO_COST_H

#include "tools/zoo/table.h"

struct cost {
    const char *counts;                        /* what is counted besides instructions */
    uint64_t instructions_tenths, more_tenths; /* for one unit of work */
    double host_ns;                            /* for one instruction; 0: not known */
};

/* Does this build have the engine that the command names, if it does? */
bool cost_possible(const struct table_term *term);

/* Run a leaf's command twice. */
enum pz_err cost_measure(const struct table_term *term, struct cost *cost,
                         struct problem *problem) PZ_MUST_CHECK;

#endif
