/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fdt.h - what the kernel wants from the device tree.
 */
#ifndef MINI_FDT_H
#define MINI_FDT_H

#include <stdbool.h>
#include <stdint.h>

#include "cpu.h"

enum { BOOTARGS_SIZE = 256, MAX_VIRTIO = 8 };

struct machine {
    uint32_t ram_base;
    uint32_t ram_size;
    uint32_t timebase; /* ticks of `time` in a second */
    uint32_t harts;    /* how many there are, MAX_CPUS at most */
    uint32_t hart[MAX_CPUS];
    uint32_t virtio_count;
    uint32_t virtio[MAX_VIRTIO]; /* where virtio devices have their registers, or may have */
    bool para;                   /* the monitor that we run under offers hypercalls (para.h) */
    char bootargs[BOOTARGS_SIZE];
};

/*
 * Copy what we need out of the tree at dtb, which may lie in memory that is given away later.
 * Panics when it is no device tree or says nothing of memory or of time.
 */
void fdt_read(const void *dtb, struct machine *m);

#endif
