/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * spawn.h - clones of a run that a client asks for: a process of their own, with a socket of their
 * own, which outlives the run. What a clone is, tools/snapshot/clone.c knows.
 */
#ifndef PZ_TOOLS_CONTROL_SPAWN_H
#define PZ_TOOLS_CONTROL_SPAWN_H

#include "tools/travel/travel.h"

#define SPAWN_MOST 16u /* clones of one run that run at a time */

/* What is asked for, of what machine. */
struct spawn_order {
    const struct options *options;
    struct machine *machine;
    const struct session *session;
    struct recorder *recorder;
    const char *name; /* by which the clones are found */
    uint64_t count;
    bool identity; /* clones differ, as with pz clone --identity */
    bool share;
};

/*
 * Save the machine, and start a process that goes on with its clones. `*process`: its number. What
 * is wrong, or NULL; the text is good until the next call. What goes wrong in that process it says
 * on the run's standard error.
 */
const char *spawn_clones(const struct spawn_order *order, int *process);

#endif
