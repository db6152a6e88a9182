/* SPDX-License-Identifier: GPL-2.0-or-later */
/* bench.c - the command, and what its three outputs ask of the cells. */
#include "tools/bench/bench.h"

#include <math.h>
#include <stdlib.h>

int bench_find(const struct bench *bench, enum bench_kind kind,
               const struct engines_kind *engine)
{
    for (unsigned i = 0; i < bench->system_count; i++)
        if (bench->systems[i].kind == kind && (!engine || bench->systems[i].engine == engine))
            return (int)i;
    return -1;
}

double bench_median(const struct bench_row *row, int system)
{
    if (system < 0 || row->cells[system].failed)
        return 0;
    return bench_samples_median(&row->cells[system].ns);
}

double bench_ratio(const struct bench_row *row, int a, int b)
{
    struct bench_samples ratios = {0};
    const struct bench_cell *over, *under;

    if (a < 0 || b < 0)
        return 0;
    over = &row->cells[a];
    under = &row->cells[b];
    for (unsigned i = 0; i < over->rounds.count && i < under->rounds.count; i++)
        if (over->rounds.at[i] > 0 && under->rounds.at[i] > 0)
            bench_samples_add(&ratios, over->rounds.at[i] / under->rounds.at[i]);
    bench_samples_sort(&ratios);
    return over->failed || under->failed ? 0 : bench_samples_median(&ratios);
}

double bench_mean_ratio(const struct bench *bench, enum bench_class class, int a, int b)
{
    double sum = 0;
    unsigned count = 0;

    for (unsigned i = 0; i < bench->row_count; i++) {
        const struct bench_row *row = &bench->rows[i];
        double ratio = bench_ratio(row, a, b);

        if (row->workload->class != class || ratio <= 0)
            continue;
        sum += log(ratio);
        count++;
    }
    return count ? exp(sum / count) : 0;
}

double bench_bill_ns(const struct bench *bench, const struct trace_counter *counter)
{
    double each = counter->count ? (double)counter->ns / (double)counter->count : 0;

    return each > bench->clock_ns ? each - bench->clock_ns : 0;
}

static enum pz_err report(const struct bench *bench, const struct options *options, FILE *svg,
                          struct problem *problem)
{
    enum pz_err err = PZ_OK;

    if (options->json)
        err = bench_json(bench, problem);
    else if (options->markdown)
        bench_markdown(bench);
    else
        bench_text(bench);
    if (!err && svg)
        err = bench_svg(bench, options->svg, svg, problem);
    return err;
}

/* Measurements are shown even when results differ: then they show where. */
enum pz_err command_bench(const struct options *options, struct problem *problem)
{
    struct bench *bench = calloc(1, sizeof *bench);
    enum pz_err err, told = PZ_OK;
    FILE *svg = NULL;

    if (!bench)
        return problem_memory(problem, "the measurements");
    err = bench_plan(bench, options, problem);
    if (!err)
        err = bench_svg_open(bench, options->svg, &svg, problem);
    if (!err)
        err = bench_measure(bench, problem);
    if (!err || (err == PZ_FAILED && !problem->text[0]))
        told = report(bench, options, svg, problem);
    free(bench->rows);
    free(bench);
    return told ? told : err;
}
