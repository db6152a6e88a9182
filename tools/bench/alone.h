/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * alone.h - a user program on an engine, with nothing under it.
 */
#ifndef PZ_TOOLS_BENCH_ALONE_H
#define PZ_TOOLS_BENCH_ALONE_H

#include "tools/bench/run.h"

enum pz_err bench_alone_run(const struct bench_system *system, const struct bench_order *order,
                            struct bench_run *run, struct problem *problem) PZ_MUST_CHECK;

#endif
