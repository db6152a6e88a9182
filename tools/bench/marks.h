/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * marks.h - what a benchmark guest says on its console, timed by the host: lines that begin
 * with '@' begin and end its two sections, the loop alone and the work itself, and one line tells
 * the result. A section may come in several parts. All else that is printed is passed over.
 */
#ifndef PZ_TOOLS_BENCH_MARKS_H
#define PZ_TOOLS_BENCH_MARKS_H

#include <stdbool.h>
#include <stddef.h>

#include "vmm/trace.h"

#define BENCH_LINE 80u

enum bench_section { BENCH_BASE, BENCH_WORK, BENCH_SECTIONS };

struct bench_marks {
    /* Looked at when a section begins and ends. NULL where there are none (QEMU). */
    const struct hart *hart;
    const struct trace_counters *counters;

    char line[BENCH_LINE];
    unsigned len;
    uint64_t line_at; /* when its first byte came */
    bool inside;      /* a section */
    uint8_t section;  /* enum bench_section */
    uint64_t start, start_retired;
    struct trace_counters start_counters;

    uint64_t ns[BENCH_SECTIONS], retired[BENCH_SECTIONS];
    bool done[BENCH_SECTIONS];
    struct trace_counters bill; /* of BENCH_WORK */
    char result[BENCH_LINE];    /* its last word; "" while there is none */
    char complaint[BENCH_LINE]; /* "panic: ..." */
};

/* Bytes have come at the time `now`, in ns. */
void bench_marks_put(struct bench_marks *marks, const char *bytes, size_t len, uint64_t now);

/* The guest has said all that it should. */
bool bench_marks_complete(const struct bench_marks *marks);

#endif
