/* SPDX-License-Identifier: GPL-2.0-or-later */
/* lost.h - what a student has lost points for, and where that can be seen. */
#ifndef PZ_TOOLS_REPORT_LOST_H
#define PZ_TOOLS_REPORT_LOST_H

#include "tools/report/link.h"
#include "tools/report/results.h"

struct lost {
    const char *output; /* the report's file; NULL: standard output */
    const struct link_page *page;
    uint64_t points; /* that were lost, by all so far */
};

/* All of one student's, under an anchor "sK"; nothing for one with full points. */
enum pz_err lost_write(struct lost *lost, FILE *out, const struct results *results,
                       unsigned student, struct problem *problem) PZ_MUST_CHECK;

#endif
