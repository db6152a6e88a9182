/* SPDX-License-Identifier: GPL-2.0-or-later */
/* space.c - page tables for tests, written straight into RAM. What they mean is sv32.c's. */
#include "tests/support/space.h"

static uint8_t *entry(const struct space *space, uint32_t table, uint32_t va, unsigned level)
{
    return space->ram + table + 4 * SV32_INDEX(va, level);
}

static uint32_t new_table(struct space *space)
{
    uint32_t table = space->next;

    memset(space->ram + table, 0, PAGE_SIZE);
    space->next += PAGE_SIZE;
    return table;
}

struct space space_new(uint8_t *ram, uint32_t pa)
{
    struct space space = {.ram = ram, .root = pa, .next = pa};

    new_table(&space);
    return space;
}

uint32_t space_satp(const struct space *space)
{
    return 1u << 31 | space->root >> PAGE_SHIFT;
}

void space_map(struct space *space, uint32_t va, uint64_t pa, uint32_t flags)
{
    uint8_t *upper = entry(space, space->root, va, 1);

    if (!(load_le32(upper) & PTE_V))
        store_le32(upper, PTE_MAKE(new_table(space) >> PAGE_SHIFT, PTE_V));
    space_set_entry(space, va, PTE_MAKE(pa >> PAGE_SHIFT, flags));
}

void space_map_super(struct space *space, uint32_t va, uint64_t pa, uint32_t flags)
{
    store_le32(entry(space, space->root, va, 1), PTE_MAKE(pa >> PAGE_SHIFT, flags));
}

void space_set_entry(struct space *space, uint32_t va, uint32_t pte)
{
    uint8_t *upper = entry(space, space->root, va, 1);
    uint32_t value = load_le32(upper);

    if ((value & PTE_V) && !PTE_LEAF(value))
        upper = entry(space, PTE_PPN(value) << PAGE_SHIFT, va, 0);
    store_le32(upper, pte);
}
