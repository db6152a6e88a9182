/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * text.h - the measurements for people.
 */
#ifndef PZ_TOOLS_BENCH_TEXT_H
#define PZ_TOOLS_BENCH_TEXT_H

#include "tools/bench/cells.h"

void bench_text(const struct bench *bench);

#endif
