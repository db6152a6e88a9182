/* SPDX-License-Identifier: GPL-2.0-or-later */
/* trace_columns.h - what a row of the compact trace holds, for trace_binary.c and trace_read.c. */
#ifndef PZ_TOOLS_TRAVEL_TRACE_COLUMNS_H
#define PZ_TOOLS_TRAVEL_TRACE_COLUMNS_H

#define TRACE_MAGIC "pz-trace 1\n"

static const char *const trace_columns[] = {
    "vm",        "action,mode", "retired+", "skipped+", "pc+-",
    "cause<<<1", "tval+-",      "insn^",    "count",    "tables+-",
};
#define TRACE_COLUMNS (sizeof trace_columns / sizeof trace_columns[0])

#endif
