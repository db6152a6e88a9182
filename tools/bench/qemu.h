/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * qemu.h - a guest bare on QEMU.
 */
#ifndef PZ_TOOLS_BENCH_QEMU_H
#define PZ_TOOLS_BENCH_QEMU_H

#include "tools/bench/run.h"

#define BENCH_QEMU_PROGRAM "qemu-system-riscv32"

/* Is QEMU there? */
bool bench_qemu_present(void);

enum pz_err bench_qemu_run(const struct bench_order *order, struct bench_run *run,
                           struct problem *problem) PZ_MUST_CHECK;

#endif
