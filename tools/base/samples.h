/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * samples.h - several measurements of one thing, and their median.
 */
#ifndef PZ_TOOLS_SAMPLES_MOST_H
#define PZ_TOOLS_SAMPLES_MOST_H

#define SAMPLES_MOST 99u

struct samples {
    unsigned count;
    double at[SAMPLES_MOST]; /* in order of size, once samples_sort() was called */
};

void samples_add(struct samples *samples, double sample);
void samples_sort(struct samples *samples);
double samples_median(const struct samples *samples); /* 0 for none; sorted */

#endif
