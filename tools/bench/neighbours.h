/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * neighbours.h - `pz bench --only neighbours`: what a VM loses by another that does its worst.
 */
#ifndef PZ_TOOLS_BENCH_NEIGHBOURS_H
#define PZ_TOOLS_BENCH_NEIGHBOURS_H

#include "tools/host/host.h"

enum pz_err bench_neighbours(const struct options *options,
                             struct problem *problem) PZ_MUST_CHECK;

#endif
