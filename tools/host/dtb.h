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

struct dtb_config {
    uint64_t ram_base, ram_size;
    unsigned cpus;                     /* 1 to HARTS_MOST */
    const char *bootargs;              /* "" for none */
    uint64_t initrd_start, initrd_end; /* alike: there is none */
    bool para;                         /* the monitor offers hypercalls (vmm/para.h) */
};

/* A tree of just the size it needs, to be freed by the caller. */
enum pz_err dtb_build(const struct dtb_config *config, uint8_t **tree, size_t *len,
                      struct problem *problem) PZ_MUST_CHECK;

#endif
