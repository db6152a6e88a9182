/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * board.h - a guest on our own board: bare, or in a VM.
 */
#ifndef PZ_TOOLS_BENCH_BOARD_H
#define PZ_TOOLS_BENCH_BOARD_H

#include "tools/bench/run.h"

enum pz_err bench_board_run(const struct bench_system *system, const struct bench_order *order,
                            struct bench_run *run, struct problem *problem) PZ_MUST_CHECK;

/* The options of a machine with `vms` machines of BENCH_RAM each, that run `path`. */
struct options bench_board_options(const char **path, unsigned vms, enum shadow_policy policy);

#endif
