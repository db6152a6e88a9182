/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * report.h - the results of a run as text: how each VM ended, and the table of exits. The same as
 * JSON is left to outcome.h.
 */
#ifndef PZ_TOOLS_SHOW_REPORT_H
#define PZ_TOOLS_SHOW_REPORT_H

#include <stdio.h>

#include "tools/host/host.h"

/* One line for each VM, one for all. */
void report_summary(FILE *out, const struct machine *machine, uint64_t elapsed_ns);

/* The same for the bare computer. */
void report_bare(FILE *out, const struct machine_bare *machine, uint64_t elapsed_ns);

/* Exits by what was done, by cause and by instruction, with host time; memory. */
void report_stats(FILE *out, const struct machine *machine, unsigned width);

/* What sharing and paging have done, where they are on: a line each, which begins with `begin`. */
void report_moving(FILE *out, const struct machine *machine, const char *begin);

/* The sum of all VMs' counters. */
void report_total(const struct machine *machine, struct trace_counters *total);

/* Did each VM's guest shut down and say that all was well? */
bool report_all_well(const struct machine *machine);

#endif
