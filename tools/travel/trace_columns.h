/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * trace_columns.h - the columns of the compact trace, and the prediction that rows are coded
 * against, for trace_binary.c and trace_read.c.
 *
 * Guests run in loops: the event after one at some place is expected to be the one that
 * followed the last event of that VM there. A `data` frame holds rows until it ends:
 *
 *    same    so many events that were just as expected, TRACE_SAME_MOST at the most
 *    mask    which columns of the next event are not as expected, bit 0 for the first of them;
 *            missing at the end of a frame, where no event follows
 *    ...     those columns, in their order: as they are; or, marked so in their names, as the
 *            difference to what was expected (+-) or the bits that differ (^). `retired+` and
 *            `skipped+` are how much has retired and was skipped since that VM's event before.
 *
 * Expected is, after nothing at that place, an event of zeros, and always one of the VM that the
 * event before was of. Numbers take seven bits a byte, the lowest first; differences are folded so
 * that small negative ones are small too.
 */
#ifndef PZ_TOOLS_TRAVEL_TRACE_COLUMNS_H
#define PZ_TOOLS_TRAVEL_TRACE_COLUMNS_H

#include "vmm/trace.h"

#define TRACE_MAGIC "pz-trace 2\n"
#define TRACE_SAME_MOST (1u << 24)
#define TRACE_PLACES 1024u

enum trace_column {
    TRACE_VM,
    TRACE_KIND,
    TRACE_RETIRED,
    TRACE_SKIPPED,
    TRACE_PC,
    TRACE_CAUSE,
    TRACE_TVAL,
    TRACE_INSN,
    TRACE_COUNT,
    TRACE_TABLES,
    TRACE_COLUMNS,
};

static const char *const trace_columns[] = {
    "vm",        "cpu,action,mode", "retired+", "skipped+", "pc+-",
    "cause<<<1", "tval+-",          "insn^",    "count",    "tables+-",
};

/* How far one VM has come, and at which place its last event was. */
struct trace_course {
    uint64_t retired, time;
    uint32_t place;
};

/* What is expected: of `retired` and `time`, by how much they grow. */
struct trace_expected {
    unsigned vm; /* from 0 */
    struct trace_course *courses;
    struct trace_event after[TRACE_PLACES];
};

static inline uint32_t trace_place(const struct trace_event *event)
{
    return ((event->pc >> 1) + event->vm * 37u) % TRACE_PLACES;
}

#endif
