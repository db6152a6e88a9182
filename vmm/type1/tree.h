/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * tree.h - what the device tree says of the machine beneath.
 */
#ifndef PZ_VMM_TYPE1_TREE_H
#define PZ_VMM_TYPE1_TREE_H

#include <stdbool.h>
#include <stdint.h>

struct tree {
    uint32_t ram_base, ram_size;
    uint32_t initrd_start, initrd_end; /* both 0: there is none */
    uint32_t timebase;                 /* ticks of `time` in a second; 0: not said */
    uint32_t size;                     /* of the tree itself */
    /* Words of the command line. */
    bool stats;    /* "stats" */
    bool plain;    /* "accel=off" */
    bool collapse; /* "collapse" */
    bool no_relay; /* "relay=off" */
};

/*
 * Read a flattened device tree (Devicetree specification 0.4, chapter 5). False: it is none, or is
 * damaged.
 */
bool tree_read(const uint8_t *blob, struct tree *tree);

#endif
