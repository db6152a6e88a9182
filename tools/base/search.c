/* SPDX-License-Identifier: GPL-2.0-or-later */
/* search.c - binary search. */
#include "tools/base/search.h"

size_t search_rank(const void *rows, size_t count, size_t size, uint32_t address)
{
    size_t low = 0, high = count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const uint32_t *row = (const void *)((const char *)rows + middle * size);

        if (*row <= address)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}
