/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * samples.h - several measurements of one thing, and their median.
 */
#ifndef PZ_TOOLS_BENCH_SAMPLES_H
#define PZ_TOOLS_BENCH_SAMPLES_H

#define BENCH_SAMPLES 99u

struct bench_samples {
    unsigned count;
    double at[BENCH_SAMPLES]; /* in order of size, once bench_samples_sort() was called */
};

void bench_samples_add(struct bench_samples *samples, double sample);
void bench_samples_sort(struct bench_samples *samples);
double bench_samples_median(const struct bench_samples *samples); /* 0 for none; sorted */

#endif
