/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * crowd.h - what several VMs on one CPU cost: time, world switches, memory.
 */
#ifndef PZ_TOOLS_BENCH_CROWD_H
#define PZ_TOOLS_BENCH_CROWD_H

#include "tools/bench/figures.h"

enum pz_err bench_crowd_measure(struct bench_figures *figures,
                                const struct bench_figures_order *order,
                                struct problem *problem) PZ_MUST_CHECK;

#endif
