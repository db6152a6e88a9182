/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * balloon.h - memory that the host asks for: free pages are given to a virtio balloon, and had back
 * when the host wants less, or when we are out of memory.
 */
#ifndef MINI_BALLOON_H
#define MINI_BALLOON_H

struct machine;

/* Find a balloon in the device tree's list, and give it what it wants. None: nothing ever. */
void balloon_init(const struct machine *m);

/* At each tick: what does the host want now? */
void balloon_tick(void);

#endif
