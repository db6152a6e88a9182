/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * svg.h - the measurements as a chart.
 */
#ifndef PZ_TOOLS_BENCH_SVG_H
#define PZ_TOOLS_BENCH_SVG_H

#include <stdio.h>

#include "tools/bench/cells.h"

/* Before anything is measured; without a path nothing is opened. */
enum pz_err bench_svg_open(const struct bench *bench, const char *path, FILE **out,
                           struct problem *problem) PZ_MUST_CHECK;
enum pz_err bench_svg(const struct bench *bench, const char *path, FILE *out,
                      struct problem *problem) PZ_MUST_CHECK;

#endif
