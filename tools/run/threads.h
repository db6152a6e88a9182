/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * threads.h - VMs spread over host threads: each thread has a machine of its own, with its monitor,
 * engine, memory and some of the VMs. Nothing that is written to is shared, so there is nothing to
 * lock, and each VM runs as it would in any other company.
 */
#ifndef PZ_TOOLS_RUN_THREADS_H
#define PZ_TOOLS_RUN_THREADS_H

#include "tools/control/control.h"
#include "tools/host/host.h"

struct threads {
    struct worker *workers;
    unsigned count;
    struct machine whole; /* all VMs, to be looked at when all threads have ended */
};

/* What the threads' machines are connected to. */
struct threads_hosts {
    struct vmm_host vmm;
    struct session *session;
    struct meters *meters; /* of all VMs; NULL: not metered */
};

/* To be closed whatever comes back; must not move. */
enum pz_err threads_open(struct threads *threads, const struct options *options,
                         const struct engines_kind *kind, const struct threads_hosts *hosts,
                         struct problem *problem) PZ_MUST_CHECK;
void threads_close(struct threads *threads);

/* Run until every VM has ended, or a signal comes. */
enum pz_err threads_run(struct threads *threads, struct problem *problem) PZ_MUST_CHECK;

#endif
