/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * markdown.h - the measurements as Markdown.
 */
#ifndef PZ_TOOLS_BENCH_MARKDOWN_H
#define PZ_TOOLS_BENCH_MARKDOWN_H

#include "tools/bench/cells.h"

void bench_markdown(const struct bench *bench);

#endif
