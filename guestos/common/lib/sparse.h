/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sparse.h - going through a page table, most of which is empty. A loop over its single entries
 * took half of a fork with exec in a kernel that keeps no other record of what is mapped.
 */
#ifndef COMMON_SPARSE_H
#define COMMON_SPARSE_H

#include <stdint.h>

enum { SPARSE_GROUP = 16 };

/* How many entries there are from this one to the next that may be in use: 1, or a whole group. */
static inline uint32_t sparse_step(const uint32_t *table, uint32_t i)
{
    const uint32_t *e = &table[i];

    if (i % SPARSE_GROUP)
        return 1;
    return (e[0] | e[1] | e[2] | e[3] | e[4] | e[5] | e[6] | e[7] | e[8] | e[9] | e[10] |
            e[11] | e[12] | e[13] | e[14] | e[15])
               ? 1
               : SPARSE_GROUP;
}

#endif
