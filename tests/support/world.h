/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * world.h - what devices of a test's machine are connected to, all in memory: a disk of zeros in
 * slot 0, random numbers in slot 1, and in slot 2 a network that sends back what it is sent.
 */
#ifndef PZ_TESTS_SUPPORT_WORLD_H
#define PZ_TESTS_SUPPORT_WORLD_H

#include "vmm/board/board.h"

#define WORLD_DISK (64u << 10)
#define WORLD_FRAMES 16u

enum world_devices { WORLD_NONE, WORLD_LEGACY, WORLD_MODERN };

struct world {
    uint8_t disk[WORLD_DISK];
    uint8_t frames[WORLD_FRAMES][BOARD_FRAME_MOST];
    uint32_t lens[WORLD_FRAMES];
    unsigned first, count;
};

/* Fit out a board. The world must not move. */
void world_fit(struct world *world, enum world_devices devices, struct board *board);

#endif
