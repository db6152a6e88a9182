/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * dtb.h - the flattened device tree that describes the computer to a kernel. Its place in memory is
 * left to image.c.
 */
#ifndef PZ_TOOLS_HOST_DTB_H
#define PZ_TOOLS_HOST_DTB_H

#include <stddef.h>

#include "tools/base/base.h"

#define DTB_BOOTARGS 4096u /* longest kernel command line, with its NUL */
#define DTB_SEED 32u       /* bytes of `rng-seed`, as many as Linux wants */

struct dtb_config {
    uint64_t ram_base, ram_size;
    unsigned cpus;                     /* 1 to HARTS_MOST */
    const char *bootargs;              /* "" for none */
    uint64_t initrd_start, initrd_end; /* alike: there is none */
    bool para;                         /* the monitor offers hypercalls (vmm/para.h) */
    uint64_t seed;                     /* of `rng-seed`; 0: there is none */
};

/* A tree of just the size it needs, to be freed by the caller. */
enum pz_err dtb_build(const struct dtb_config *config, uint8_t **tree, size_t *len,
                      struct problem *problem) PZ_MUST_CHECK;

/* The bytes of `rng-seed`: others than the entropy device's of the same seed. */
void dtb_seed(uint64_t seed, uint8_t bytes[DTB_SEED]);

#endif
