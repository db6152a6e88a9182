/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * json.h - the measurements for programs.
 */
#ifndef PZ_TOOLS_BENCH_JSON_H
#define PZ_TOOLS_BENCH_JSON_H

#include "tools/bench/cells.h"

enum pz_err bench_json(const struct bench *bench, struct problem *problem) PZ_MUST_CHECK;

#endif
