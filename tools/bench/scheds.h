/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * scheds.h - `pz bench --only sched`: the schedulers on one trace. Nothing of it is measured: it is
 * the same on every host.
 */
#ifndef PZ_TOOLS_BENCH_SCHEDS_H
#define PZ_TOOLS_BENCH_SCHEDS_H

#include "tools/host/host.h"

enum pz_err bench_scheds(const struct options *options, struct problem *problem) PZ_MUST_CHECK;

#endif
