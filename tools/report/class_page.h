/* SPDX-License-Identifier: GPL-2.0-or-later */
/* class_page.h - the results of a class, or of one student, as a page. */
#ifndef PZ_TOOLS_REPORT_CLASS_PAGE_H
#define PZ_TOOLS_REPORT_CLASS_PAGE_H

#include "tools/report/link.h"

/*
 * Write the page to `out`. Recordings that are too long for a link are copied beside
 * options->output, under names that begin with its own; without --output they stay where they are.
 */
enum pz_err class_report(const struct options *options, const struct link_page *page, FILE *out,
                         struct problem *problem) PZ_MUST_CHECK;

#endif
