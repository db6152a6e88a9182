/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * traps.h - what a trap costs: on an engine by itself, and through the monitor.
 */
#ifndef PZ_TOOLS_BENCH_TRAPS_H
#define PZ_TOOLS_BENCH_TRAPS_H

#include "tools/bench/figures.h"

enum pz_err bench_traps_measure(struct bench_figures *figures,
                                const struct bench_figures_order *order,
                                struct problem *problem) PZ_MUST_CHECK;

#endif
