/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * live.h - VMs that run with their consoles: those of pz run, pz restore and pz receive.
 */
#ifndef PZ_TOOLS_RUN_LIVE_H
#define PZ_TOOLS_RUN_LIVE_H

#include "tools/host/host.h"
#include "tools/migrate/migrate.h"
#include "tools/snapshot/snapshot.h"

/* Where a run begins: at power-on, or with one of these where it was left. */
struct live_start {
    struct snapshot_file *snapshot;
    struct target *target;
};

enum pz_err live_run(const struct options *options, const struct live_start *from,
                     struct problem *problem) PZ_MUST_CHECK;

enum pz_err live_check(const struct options *options, const struct options *saved,
                       struct problem *problem) PZ_MUST_CHECK;

#endif
