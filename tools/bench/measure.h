/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * measure.h - measuring what was planned.
 */
#ifndef PZ_TOOLS_BENCH_MEASURE_H
#define PZ_TOOLS_BENCH_MEASURE_H

#include "tools/bench/cells.h"

/* Fill the cells. PZ_FAILED, with no text, when a cell failed or differed. */
enum pz_err bench_measure(struct bench *bench, struct problem *problem) PZ_MUST_CHECK;

#endif
