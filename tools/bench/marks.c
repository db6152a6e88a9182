/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * marks.c - a section begins when its mark's last byte has come, and ends when the first
 * byte of the next mark comes: so the time that printing marks takes is outside.
 */
#include "tools/bench/marks.h"

#include <stdio.h>
#include <string.h>

static void begin(struct bench_marks *marks, enum bench_section section, uint64_t now)
{
    marks->section = (uint8_t)section;
    marks->inside = true;
    if (marks->counters && section == BENCH_WORK)
        marks->start_counters = *marks->counters;
    if (marks->hart)
        marks->start_retired = marks->hart->retired;
    marks->start = now;
}

static void add(struct trace_counter *to, const struct trace_counter *from,
                const struct trace_counter *until, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        to[i].count += until[i].count - from[i].count;
        to[i].ns += until[i].ns - from[i].ns;
    }
}

/* What has come between two looks at the counters. */
static void add_bill(struct trace_counters *bill, const struct trace_counters *from,
                     const struct trace_counters *until)
{
    add(bill->action, from->action, until->action, TRACE_ACTIONS);
    add(bill->cause, from->cause, until->cause, CAUSE_EXCEPTIONS);
    add(bill->insn, from->insn, until->insn, INSN_COUNT);
    add(bill->csr, from->csr, until->csr, CSR_COUNT);
    add(bill->para, from->para, until->para, PARA_FUNCTIONS + 1);
    bill->exits += until->exits - from->exits;
    bill->emulated += until->emulated - from->emulated;
    bill->interpreted += until->interpreted - from->interpreted;
}

static void end(struct bench_marks *marks)
{
    uint8_t section = marks->section;

    if (!marks->inside)
        return;
    marks->inside = false;
    marks->ns[section] += marks->line_at - marks->start;
    marks->done[section] = true;
    if (marks->hart)
        marks->retired[section] += marks->hart->retired - marks->start_retired;
    if (marks->counters && section == BENCH_WORK)
        add_bill(&marks->bill, &marks->start_counters, marks->counters);
}

static void take_line(struct bench_marks *marks, uint64_t now)
{
    const char *line = marks->line, *result = strstr(line, ": result ");

    if (!strcmp(line, "@base"))
        begin(marks, BENCH_BASE, now);
    else if (!strcmp(line, "@run"))
        begin(marks, BENCH_WORK, now);
    else if (!strcmp(line, "@end"))
        end(marks);
    else if (!strncmp(line, "panic", 5) || !strncmp(line, "shim:", 5))
        snprintf(marks->complaint, sizeof marks->complaint, "%s", line);
    else if (result)
        snprintf(marks->result, sizeof marks->result, "%s", result + strlen(": result "));
}

void bench_marks_put(struct bench_marks *marks, const char *bytes, size_t len, uint64_t now)
{
    for (size_t i = 0; i < len; i++) {
        if (!marks->len)
            marks->line_at = now;
        if (bytes[i] == '\n') {
            marks->line[marks->len] = '\0';
            marks->len = 0;
            take_line(marks, now);
        } else if (bytes[i] != '\r' && marks->len < BENCH_LINE - 1) {
            marks->line[marks->len++] = bytes[i];
        }
    }
}

bool bench_marks_complete(const struct bench_marks *marks)
{
    return marks->done[BENCH_WORK] && marks->result[0];
}
