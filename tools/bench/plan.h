/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * plan.h - turns the options into a list of measurements.
 */
#ifndef PZ_TOOLS_BENCH_PLAN_H
#define PZ_TOOLS_BENCH_PLAN_H

#include "tools/bench/cells.h"
#include "tools/host/host.h"

enum pz_err bench_plan(struct bench *bench, const struct options *options,
                       struct problem *problem) PZ_MUST_CHECK;

#endif
