/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * system.h - one run of a workload on whichever system it is.
 */
#ifndef PZ_TOOLS_BENCH_SYSTEM_H
#define PZ_TOOLS_BENCH_SYSTEM_H

#include "tools/bench/run.h"

/*
 * Run it once. Problems are the host's; PZ_FAILED with a text when the guest did not do what it
 * should have.
 */
enum pz_err bench_system_run(const struct bench_system *system, const struct bench_order *order,
                             struct bench_run *run, struct problem *problem) PZ_MUST_CHECK;

#endif
