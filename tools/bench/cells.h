/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cells.h - the table of workloads by systems: measuring fills its cells, and reports read them.
 */
#ifndef PZ_TOOLS_BENCH_CELLS_H
#define PZ_TOOLS_BENCH_CELLS_H

#include "tools/bench/figures.h"
#include "tools/bench/run.h"
#include "tools/bench/workload.h"

#define BENCH_SYSTEMS 24u

/* One workload on one system. Times are ns for one unit of the workload. */
struct bench_cell {
    bool planned, failed;
    uint32_t count;        /* units in one run */
    struct samples ns;     /* in order of size */
    struct samples rounds; /* the same in the order of the rounds: see bench_ratio() */
    double retired;        /* instructions for one unit; 0 where they cannot be counted */
    double mips;
    char result[BENCH_LINE];
    char why[160]; /* it failed */

    /* Of a run of its own, with exits timed. BENCH_VIRTUAL only. */
    bool billed;
    uint64_t bill_ns, bill_retired;
    struct trace_counters bill;
};

struct bench_row {
    const struct bench_workload *workload;
    bool equal; /* all systems gave the same result */
    struct bench_cell cells[BENCH_SYSTEMS];
};

struct bench {
    bool quick, qemu;
    unsigned runs;
    uint64_t target_ns; /* how long a run should take */
    double clock_ns;    /* what reading the clock costs: taken off the bill */
    const struct engines_kind *engines[BENCH_ENGINES];
    unsigned engine_count;
    bool policies[SHADOW_POLICIES];
    enum vm_monitor monitor; /* of all virtual systems */
    struct bench_system systems[BENCH_SYSTEMS];
    unsigned system_count;
    struct bench_row *rows;
    unsigned row_count;
    bool with_figures;
    struct bench_figures figures;
    uint64_t started, told; /* host time */
};

/* The index of a system, or -1. `engine` NULL: any. */
int bench_find(const struct bench *bench, enum bench_kind kind,
               const struct engines_kind *engine);

/* A cell's median, 0 for none. */
double bench_median(const struct bench_row *row, int system);

/*
 * How system `a` compares with `b`: the ratio of their times in each round, where they ran one
 * shortly after the other, and of these the median. 0 for none.
 */
double bench_ratio(const struct bench_row *row, int a, int b);

/* The geometric mean of that over a class; 0 for none. */
double bench_mean_ratio(const struct bench *bench, enum bench_class class, int a, int b);

/* How many timed exits of one kind a bill has, and ns for each, without the clock's own. */
double bench_bill_ns(const struct bench *bench, const struct trace_counter *counter);

#endif
