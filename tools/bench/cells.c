/* SPDX-License-Identifier: GPL-2.0-or-later */
/* cells.c - medians of cells, and comparisons of them. */
#include "tools/bench/cells.h"

#include <math.h>

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
    return samples_median(&row->cells[system].ns);
}

double bench_ratio(const struct bench_row *row, int a, int b)
{
    struct samples ratios = {0};
    const struct bench_cell *over, *under;

    if (a < 0 || b < 0)
        return 0;
    over = &row->cells[a];
    under = &row->cells[b];
    for (unsigned i = 0; i < over->rounds.count && i < under->rounds.count; i++)
        if (over->rounds.at[i] > 0 && under->rounds.at[i] > 0)
            samples_add(&ratios, over->rounds.at[i] / under->rounds.at[i]);
    samples_sort(&ratios);
    return over->failed || under->failed ? 0 : samples_median(&ratios);
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
