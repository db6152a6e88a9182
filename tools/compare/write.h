/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * write.h - the comparison for people, for documents, for programs, and as a picture.
 */
#ifndef PZ_TOOLS_COMPARE_WRITE_H
#define PZ_TOOLS_COMPARE_WRITE_H

#include "tools/compare/measure.h"

/* Tables on standard output, cut to its width. */
void write_text(const struct measure_guest *guest);

/* The same tables as Markdown. */
void write_markdown(const struct measure_guest *guest);

/* The document "pz-compare/1" of docs/json.md. */
enum pz_err write_json(const struct measure_guest *guests, unsigned count,
                       struct problem *problem) PZ_MUST_CHECK;

/* A bar chart, in SVG: the time of each technique relative to the bare machine's. */
void write_chart(FILE *out, const struct measure_guest *guests, unsigned count);

/* What the columns of exits count, in order; NULL after the last. */
struct write_kind {
    const char *name;
    enum trace_action action;
};
#define WRITE_KINDS 7u
extern const struct write_kind write_kinds[WRITE_KINDS];

#endif
