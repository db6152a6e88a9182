/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * live.h - VMs that run with their consoles: those of pz run, and those of pz restore.
 */
#ifndef PZ_TOOLS_RUN_LIVE_H
#define PZ_TOOLS_RUN_LIVE_H

#include "tools/host/host.h"
#include "tools/snapshot/snapshot.h"

/* From power-on, or with `snapshot` from where it was saved. */
enum pz_err live_run(const struct options *options, struct snapshot_file *snapshot,
                     struct problem *problem) PZ_MUST_CHECK;

/* A snapshot's options, with what the user wants otherwise. */
struct options live_options(const struct options *saved, const struct options *given);

#endif
