/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * image.h - the disk of workloads that have one: a temporary file, full of bytes, so that it is in
 * the host's page cache for everybody.
 */
#ifndef PZ_TOOLS_BENCH_IMAGE_H
#define PZ_TOOLS_BENCH_IMAGE_H

#include "tools/bench/workload.h"
#include "tools/host/host.h"

struct bench_image {
    char path[32]; /* "": there is none */
};

/* Make one if the workload wants it. To be removed whatever comes back. */
enum pz_err bench_image_make(struct bench_image *image, const struct bench_workload *workload,
                             struct problem *problem) PZ_MUST_CHECK;
void bench_image_remove(struct bench_image *image);

/* The path, or NULL. */
const char *bench_image_path(const struct bench_image *image);

#endif
