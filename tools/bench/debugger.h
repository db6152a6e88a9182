/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * debugger.h - `pz bench --only debugger`, which prints a separate table.
 */
#ifndef PZ_TOOLS_BENCH_DEBUGGER_H
#define PZ_TOOLS_BENCH_DEBUGGER_H

#include "tools/host/host.h"

enum pz_err bench_debugger(const struct options *options,
                           struct problem *problem) PZ_MUST_CHECK;

#endif
