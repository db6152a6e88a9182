/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * rmap.c - for each machine page, a singly linked list of the shadow entries that map it. They
 * are short: a page is mapped once or twice in each address space that has it.
 */
#include "vmm/rmap.h"

#include "vmm/assert.h"

/* Where an entry's link is: at the same offset in the page next to its table. */
static uint8_t *link_of(const struct allocator *allocator, struct mpa entry)
{
    struct mpa links = allocate_info(allocator, entry)->link;

    return allocate_host(allocator, links) + (entry.v & PAGE_MASK);
}

struct mpa rmap_first(const struct allocator *allocator, struct mpa page)
{
    return allocate_info(allocator, page)->mappings;
}

struct mpa rmap_next(const struct allocator *allocator, struct mpa entry)
{
    return (struct mpa){load_le32(link_of(allocator, entry))};
}

void rmap_add(struct allocator *allocator, struct mpa page, struct mpa entry)
{
    struct page *info = allocate_info(allocator, page);

    store_le32(link_of(allocator, entry), info->mappings.v);
    info->mappings = entry;
}

void rmap_remove(struct allocator *allocator, struct mpa page, struct mpa entry)
{
    struct page *info = allocate_info(allocator, page);
    struct mpa next = rmap_next(allocator, entry), at = info->mappings;

    if (at.v == entry.v) {
        info->mappings = next;
        return;
    }
    while (rmap_next(allocator, at).v != entry.v) {
        at = rmap_next(allocator, at);
        ASSERT(at.v);
    }
    store_le32(link_of(allocator, at), next.v);
}
