/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * bench.h - how fast guests run here: bare, virtualised, and on QEMU.
 * Other directories include only this header of this one.
 */
#ifndef PZ_TOOLS_BENCH_BENCH_H
#define PZ_TOOLS_BENCH_BENCH_H

#include "tools/host/host.h"

/* The verb. */
enum pz_err command_bench(const struct options *options, struct problem *problem);

#endif
