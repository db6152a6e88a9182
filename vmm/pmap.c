/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * pmap.c - a radix tree of two levels, like the page tables it stands beneath:
 *
 *    offset in the guest's RAM:   31      22 21      12 11        0
 *                                +----------+----------+-----------+
 *                                |   root   |   leaf   |  in page  |
 *                                +----------+----------+-----------+
 *
 * Entries are machine addresses, 0 for none. Pages are never detached while the VM lives.
 */
#include "vmm/pmap.h"

#define SLOTS (PAGE_SIZE / 4)

bool pmap_init(struct pmap *pmap, struct allocator *allocator, uint16_t owner, uint64_t base,
               uint64_t size)
{
    *pmap = (struct pmap){.allocator = allocator, .owner = owner, .base = base, .size = size};
    return allocate_page(allocator, owner, PAGE_PMAP, &pmap->root);
}

static uint8_t *entry(const struct pmap *pmap, struct mpa table, uint32_t slot)
{
    return allocate_host(pmap->allocator, table) + 4 * slot;
}

static struct mpa entry_mpa(const struct pmap *pmap, struct mpa table, uint32_t slot)
{
    return (struct mpa){load_le32(entry(pmap, table, slot))};
}

/* What an entry names; if nothing, a new page. */
static bool attach(struct pmap *pmap, struct mpa table, uint32_t slot, enum page_kind kind,
                   struct mpa *mpa)
{
    *mpa = entry_mpa(pmap, table, slot);
    if (mpa->v)
        return true;
    if (!allocate_page(pmap->allocator, pmap->owner, kind, mpa))
        return false;
    store_le32(entry(pmap, table, slot), mpa->v);
    return true;
}

static bool find_leaf(struct pmap *pmap, uint32_t slot, struct mpa *leaf)
{
    if (pmap->last.v && pmap->last_slot == slot) {
        *leaf = pmap->last;
        return true;
    }
    if (!attach(pmap, pmap->root, slot, PAGE_PMAP, leaf))
        return false;
    pmap->last = *leaf;
    pmap->last_slot = slot;
    return true;
}

enum pmap_result pmap_translate(struct pmap *pmap, struct gpa gpa, struct mpa *mpa)
{
    uint64_t offset = gpa.v - pmap->base;
    uint32_t page = (uint32_t)(offset >> PAGE_SHIFT);
    struct mpa leaf;

    if (offset >= pmap->size)
        return PMAP_NOT_RAM;
    if (!find_leaf(pmap, page / SLOTS, &leaf) ||
        !attach(pmap, leaf, page % SLOTS, PAGE_GUEST, mpa))
        return PMAP_NO_MEMORY;
    mpa->v |= (uint32_t)(gpa.v & PAGE_MASK);
    return PMAP_OK;
}

struct mpa pmap_lookup(const struct pmap *pmap, struct gpa gpa)
{
    uint64_t offset = gpa.v - pmap->base;
    uint32_t page = (uint32_t)(offset >> PAGE_SHIFT);
    struct mpa mpa;

    if (offset >= pmap->size)
        return MPA_NONE;
    mpa = entry_mpa(pmap, pmap->root, page / SLOTS);
    if (mpa.v)
        mpa = entry_mpa(pmap, mpa, page % SLOTS);
    if (mpa.v)
        mpa.v |= (uint32_t)(gpa.v & PAGE_MASK);
    return mpa;
}
