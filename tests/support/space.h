/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * space.h - building Sv32 page tables in a test's RAM. Nothing is checked against the
 * specification: bad entries can be made as easily as good ones.
 */
#ifndef PZ_TESTS_SUPPORT_SPACE_H
#define PZ_TESTS_SUPPORT_SPACE_H

#include "isa/sv32.h"

/* What most leaf entries have: valid, the user's, A and D set (see unicorn.h). */
#define PTE_USER (PTE_V | PTE_U | PTE_A | PTE_D)
#define PTE_RWX (PTE_R | PTE_W | PTE_X)

/* One address space: its tables grow upwards from the root. RAM is at physical 0. */
struct space {
    uint8_t *ram;
    uint32_t root; /* physical address */
    uint32_t next; /* where the next table goes */
};

/* An empty space with its root at `pa`; the pages after it are taken for further tables. */
struct space space_new(uint8_t *ram, uint32_t pa);

/* The satp value for it. */
uint32_t space_satp(const struct space *space);

/* A 4 KiB page. `flags` are the entry's low ten bits. */
void space_map(struct space *space, uint32_t va, uint64_t pa, uint32_t flags);

/* A 4 MiB page; an address that is not a multiple of 4 MiB gives a misaligned one. */
void space_map_super(struct space *space, uint32_t va, uint64_t pa, uint32_t flags);

/* Write the entry for va in the lowest table there is. */
void space_set_entry(struct space *space, uint32_t va, uint32_t pte);

#endif
