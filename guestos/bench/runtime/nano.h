/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * nano.h - for workloads that run in the kernel itself: a loop of one operation, and the same
 * loop without it, whose time the host subtracts.
 */
#ifndef BENCH_NANO_H
#define BENCH_NANO_H

#include "kernel.h"

/* The operation `count` times, and the loop alone. What they return goes into the result. */
void nano_setup(void);
uint32_t nano_base(uint32_t count);
uint32_t nano_run(uint32_t count);

#endif
