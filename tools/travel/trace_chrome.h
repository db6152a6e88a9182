/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * trace_chrome.h - a trace as Chrome's trace events, which Perfetto opens. A VM is a process with
 * three tracks: the guest's user mode, its kernel, and the monitor; a flow leads from the place of
 * a trap to the monitor's work on it and back to where the guest goes on; a counter shows the
 * shadow's tables. A microsecond is an instruction that the VM has retired: no host time is in it,
 * so the same run gives the same file.
 */
#ifndef PZ_TOOLS_TRAVEL_TRACE_CHROME_H
#define PZ_TOOLS_TRAVEL_TRACE_CHROME_H

#include <stdio.h>

#include "tools/show/show.h"
#include "tools/travel/trace_head.h"

/* Where one VM is in the picture. */
struct trace_lane {
    uint64_t resumed; /* the count at which the guest last went on */
    uint64_t flow;    /* that leads there; 0: none */
    uint32_t tables;
};

struct trace_chrome {
    FILE *file;
    struct trace_lane *lanes;
    unsigned count;
    uint64_t flows;
    bool some; /* something has been written: a comma comes before the next */
    struct disasm disasm;
};

/* False: no memory. */
bool trace_chrome_begin(struct trace_chrome *chrome, FILE *file,
                        const struct trace_head *head) PZ_MUST_CHECK;
void trace_chrome_event(struct trace_chrome *chrome, const struct trace_event *event);
void trace_chrome_end(struct trace_chrome *chrome);

#endif
