/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kernel.h - guests of this build as images in memory, for tests that boot them: the file, and a
 * device tree for those that want one. Parsing is tools/host/elf.c's, the tree tools/host/dtb.c's.
 */
#ifndef PZ_TESTS_SUPPORT_KERNEL_H
#define PZ_TESTS_SUPPORT_KERNEL_H

#include "tests/support/twins.h"

typedef bool kernel_write(void *owner, uint64_t pa, const void *bytes, uint32_t len);

/* Write the guest, and its tree in the last pages of its RAM. Aborts with a message. */
void kernel_load(const struct twins_guest *guest, kernel_write *write, void *owner);

/* The same into a machine that restarts: board_images.load, whose owner is the guest. */
bool kernel_load_again(void *guest, struct board *board, struct board_entry *entry);

uint32_t kernel_entry(const struct twins_guest *guest);

/* The address of the tree; 0 when it has none. */
uint32_t kernel_tree(const struct twins_guest *guest);

#endif
