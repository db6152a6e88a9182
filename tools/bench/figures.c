/* SPDX-License-Identifier: GPL-2.0-or-later */
/* figures.c - samples and their median, and the order in which the figures are taken. */
#include "tools/bench/figures.h"

#include <stdlib.h>
#include <string.h>

void bench_samples_add(struct bench_samples *samples, double sample)
{
    if (samples->count < BENCH_SAMPLES)
        samples->at[samples->count++] = sample;
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

void bench_samples_sort(struct bench_samples *samples)
{
    qsort(samples->at, samples->count, sizeof samples->at[0], by_size);
}

double bench_samples_median(const struct bench_samples *samples)
{
    unsigned half = samples->count / 2;

    if (!samples->count)
        return 0;
    if (samples->count % 2)
        return samples->at[half];
    return (samples->at[half - 1] + samples->at[half]) / 2;
}

enum pz_err bench_figures_measure(struct bench_figures *figures,
                                  const struct bench_figures_order *order,
                                  struct problem *problem)
{
    enum pz_err err;

    memset(figures, 0, sizeof *figures);
    order->progress(order->owner, "start-up");
    err = bench_start_measure(figures, order, problem);
    order->progress(order->owner, "traps");
    if (!err)
        err = bench_traps_measure(figures, order, problem);
    order->progress(order->owner, "many VMs");
    if (!err)
        err = bench_crowd_measure(figures, order, problem);
    return err;
}
