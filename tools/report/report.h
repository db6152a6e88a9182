/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * report.h - a run, a recording, or the results of a class, as an HTML file.
 * Other directories include only this header of this one.
 */
#ifndef PZ_TOOLS_REPORT_REPORT_H
#define PZ_TOOLS_REPORT_REPORT_H

#include "tools/host/host.h"

/* `pz report`. */
enum pz_err command_report(const struct options *options, struct problem *problem);

#endif
