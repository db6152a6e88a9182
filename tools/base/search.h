/* SPDX-License-Identifier: GPL-2.0-or-later */
/* search.h - finding an address in a table sorted by address. */
#ifndef PZ_TOOLS_BASE_SEARCH_H
#define PZ_TOOLS_BASE_SEARCH_H

#include <stddef.h>
#include <stdint.h>

/*
 * The number of rows at or below `address`: the last of them is the one that contains it. Each row
 * of `size` bytes begins with its own address, a uint32_t.
 */
size_t search_rank(const void *rows, size_t count, size_t size, uint32_t address);

#endif
