/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * markdown.c - the summary as Markdown, for the README: the first engine and policy against
 * QEMU and the bare board; what is ahead, and by name what is behind. scripts/readme-bench.sh
 * puts it there.
 */
#include "tools/bench/markdown.h"

#include <stdio.h>

#include "tools/base/base.h"

/* Disco's measure for a monitor's cost where exits are few, and ours where they are many. */
#define COST_MOST 2.0

struct columns {
    int qemu, bare, virtual;
};

static void put_time(double ns)
{
    char text[TEXT_NUMBER];

    if (ns <= 0)
        printf(" - |");
    else if (ns < 999.5)
        printf(" %.*f ns |", ns < 100 ? 1 : 0, ns);
    else
        printf(" %s |", text_duration((uint64_t)ns, text));
}

static void put_ratio(double ratio, const char *behind)
{
    if (ratio <= 0)
        printf(" - |");
    else
        printf(" %.2f%s |", ratio, behind);
}

static void put_row(const struct bench_row *row, struct columns at)
{
    printf("| %s |", row->workload->name);
    put_time(bench_median(row, at.qemu));
    put_time(bench_median(row, at.bare));
    put_time(bench_median(row, at.virtual));
    put_ratio(bench_ratio(row, at.qemu, at.virtual), "x");
    put_ratio(bench_ratio(row, at.virtual, at.bare), "");
    putchar('\n');
}

static void put_means(const struct bench *bench, struct columns at)
{
    static const enum bench_class classes[] = {BENCH_COMPUTE, BENCH_SYSTEM};

    for (unsigned i = 0; i < sizeof classes / sizeof classes[0]; i++) {
        const char *name = bench_class_name(classes[i]);
        double qemu = bench_mean_ratio(bench, classes[i], at.qemu, at.virtual);
        double bare = bench_mean_ratio(bench, classes[i], at.virtual, at.bare);

        if (qemu > 0)
            printf("- %s in a VM, geometric mean: %.2f times QEMU's bare speed\n", name, qemu);
        if (bare > 0)
            printf("- %s in a VM, geometric mean: %.2f times the time of the bare board\n",
                   name, bare);
    }
}

/* The workloads whose ratio of a's time to b's is over `most`, with it. */
static void put_over(const struct bench *bench, const char *what, int a, int b, double most)
{
    const char *between = " ";

    printf("- %s:", what);
    for (unsigned i = 0; i < bench->row_count; i++) {
        double ratio = bench_ratio(&bench->rows[i], a, b);

        if (ratio <= most)
            continue;
        printf("%s`%s` (%.2f)", between, bench->rows[i].workload->name, ratio);
        between = ", ";
    }
    printf("%s\n", between[0] == ' ' ? " none" : "");
}

void bench_markdown(const struct bench *bench)
{
    const struct engines_kind *engine = bench->engines[0];
    struct columns at = {bench_find(bench, BENCH_QEMU, NULL),
                         bench_find(bench, BENCH_BARE, engine),
                         bench_find(bench, BENCH_VIRTUAL, engine)};

    printf(
        "| workload | QEMU, bare | %s, bare | %s, in a VM | VM against QEMU | VM against bare "
        "|\n| --- | ---: | ---: | ---: | ---: | ---: |\n",
        engine->name, engine->name);
    for (unsigned i = 0; i < bench->row_count; i++)
        put_row(&bench->rows[i], at);
    putchar('\n');
    put_means(bench, at);
    if (at.qemu >= 0)
        put_over(bench, "slower than QEMU (its speed over ours)", at.virtual, at.qemu, 1);
    put_over(bench, "over twice the time of the bare board", at.virtual, at.bare, COST_MOST);
}
