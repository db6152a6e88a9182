/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * guest.h - a benchmark guest's file, kept in memory under a path of its own, with the
 * repeat count changed from run to run. Guests and this file agree on where the count is: behind
 * the first instruction (guestos/bench/runtime/boot.S).
 */
#ifndef PZ_TOOLS_BENCH_GUEST_H
#define PZ_TOOLS_BENCH_GUEST_H

#include <stddef.h>

#include "tools/base/base.h"
#include "tools/host/host.h"

struct bench_guest {
    struct file file;
    struct elf elf; /* of `file` */
    size_t at;      /* of the count in the file */
    int fd;         /* of the copy; children inherit it. -1: not open */
    char path[32];  /* of the copy, for this process and for its children */
};

/* Open the bundled guest bench_<name><suffix>.elf. To be closed whatever comes back. */
enum pz_err bench_guest_open(struct bench_guest *guest, const char *name, const char *suffix,
                             struct problem *problem) PZ_MUST_CHECK;
void bench_guest_close(struct bench_guest *guest);

/* From now on it does its work `count` times. */
enum pz_err bench_guest_set(struct bench_guest *guest, uint32_t count,
                            struct problem *problem) PZ_MUST_CHECK;

#endif
