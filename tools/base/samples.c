/* SPDX-License-Identifier: GPL-2.0-or-later */
/* samples.c - samples in order of size, and their median. */
#include "tools/base/samples.h"

#include <stdlib.h>

void samples_add(struct samples *samples, double sample)
{
    if (samples->count < SAMPLES_MOST)
        samples->at[samples->count++] = sample;
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

void samples_sort(struct samples *samples)
{
    qsort(samples->at, samples->count, sizeof samples->at[0], by_size);
}

double samples_median(const struct samples *samples)
{
    unsigned half = samples->count / 2;

    if (!samples->count)
        return 0;
    if (samples->count % 2)
        return samples->at[half];
    return (samples->at[half - 1] + samples->at[half]) / 2;
}
