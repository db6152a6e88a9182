/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * addr.h - Disco's three kinds of address: guest virtual, guest physical, machine physical. Each is
 * a distinct type, so that code which mixes them up does not compile.
 *
 *      gva  --(guest page table)-->  gpa  --(pmap)-->  mpa
 *       \_________(shadow page table)_________________/
 */
#ifndef PZ_VMM_ADDR_H
#define PZ_VMM_ADDR_H

#include <stdint.h>

struct gva {
    uint32_t v;
};

struct gpa {
    uint64_t v; /* at most 34 bits: what a guest's page table can address */
};

struct mpa {
    uint32_t v; /* a machine has at most 4 GiB */
};

/* No machine page: page 0 holds the allocator's own tables and is never allocated. */
#define MPA_NONE ((struct mpa){0})

#endif
