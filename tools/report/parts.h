/* SPDX-License-Identifier: GPL-2.0-or-later */
/* parts.h - the parts of a run's report, each written by the file of its name. */
#ifndef PZ_TOOLS_REPORT_PARTS_H
#define PZ_TOOLS_REPORT_PARTS_H

#include "tools/report/gather.h"
#include "tools/report/link.h"
#include "tools/report/page.h"

/* VMs that are shown one by one; the tables have all. */
#define REPORT_VMS EXITS_DRAWN

/* run_page.c: the whole page. */
void run_page_write(FILE *out, struct gather *gather, const struct link *link);

/* What the exits were, and where each kind happened first. */
void bill_write(FILE *out, const struct gather *gather, const struct link *link);

/* The guests' page tables, and the monitor's. */
void spaces_write(FILE *out, struct gather *gather);

/* The profile: by mode, as a flame graph, and by function. */
void flame_write(FILE *out, const struct gather *gather);

/* How many of the VMs are shown; a note, if not all are. */
unsigned run_page_shown(FILE *out, const struct gather *gather);

#endif
