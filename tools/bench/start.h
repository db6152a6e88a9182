/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * start.h - what it costs to start this program, and QEMU.
 */
#ifndef PZ_TOOLS_BENCH_START_H
#define PZ_TOOLS_BENCH_START_H

#include "tools/bench/figures.h"

enum pz_err bench_start_measure(struct bench_figures *figures,
                                const struct bench_figures_order *order,
                                struct problem *problem) PZ_MUST_CHECK;

#endif
