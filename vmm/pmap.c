/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * pmap.c - a radix tree of two levels, like a page table:
 *
 *    offset in the guest's RAM:   31      22 21      12 11        0
 *                                +----------+----------+-----------+
 *                                |   root   |   leaf   |  in page  |
 *                                +----------+----------+-----------+
 *
 * Entries are machine addresses, 0 for none. Pages are never detached while the VM lives. Where
 * possible, the pages of one leaf are contiguous in the machine as in the guest: this costs
 * nothing here, and lets an engine predict translations.
 */
#include "vmm/pmap.h"

#include "vmm/parts.h"

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

static void set_entry(const struct pmap *pmap, struct mpa table, uint32_t slot, struct mpa mpa)
{
    store_le32(entry(pmap, table, slot), mpa.v);
}

/* How many pages of the guest's RAM a leaf covers: fewer in the last leaf. */
static uint32_t leaf_pages(const struct pmap *pmap, uint32_t slot)
{
    uint64_t left = (pmap->size >> PAGE_SHIFT) - (uint64_t)slot * SLOTS;

    return left < SLOTS ? (uint32_t)left : SLOTS;
}

static bool new_leaf(struct pmap *pmap, uint32_t slot, struct mpa *leaf)
{
    struct mpa *home;

    if (!allocate_page(pmap->allocator, pmap->owner, PAGE_PMAP, leaf))
        return false;
    home = &allocate_info(pmap->allocator, *leaf)->link;
    if (!allocate_reserve(pmap->allocator, pmap->owner, leaf_pages(pmap, slot), home))
        *home = MPA_NONE;
    set_entry(pmap, pmap->root, slot, *leaf);
    return true;
}

static bool find_leaf(struct pmap *pmap, uint32_t slot, struct mpa *leaf)
{
    if (pmap->last.v && pmap->last_slot == slot) {
        *leaf = pmap->last;
        return true;
    }
    *leaf = entry_mpa(pmap, pmap->root, slot);
    if (!leaf->v && !new_leaf(pmap, slot, leaf))
        return false;
    pmap->last = *leaf;
    pmap->last_slot = slot;
    return true;
}

/* The page reserved for this guest page, or any other if that has been taken. */
static bool new_page(struct pmap *pmap, struct mpa leaf, uint32_t slot, struct mpa *mpa)
{
    struct mpa home = allocate_info(pmap->allocator, leaf)->link;

    *mpa = (struct mpa){home.v + (slot << PAGE_SHIFT)};
    if (home.v && allocate_reserved(pmap->allocator, pmap->owner, PAGE_GUEST, *mpa))
        return true;
    return allocate_page(pmap->allocator, pmap->owner, PAGE_GUEST, mpa);
}

/* The page in a leaf's entry; allocates one if there is none. */
static bool attach(struct pmap *pmap, struct mpa leaf, uint32_t slot, struct mpa *mpa)
{
    *mpa = entry_mpa(pmap, leaf, slot);
    if (mpa->v)
        return true;
    if (!new_page(pmap, leaf, slot, mpa))
        return false;
    set_entry(pmap, leaf, slot, *mpa);
    return true;
}

enum pmap_result pmap_translate_own(struct pmap *pmap, struct gpa gpa, struct mpa *mpa)
{
    uint64_t offset = gpa.v - pmap->base;
    uint32_t page = (uint32_t)(offset >> PAGE_SHIFT);
    struct mpa leaf;

    if (offset >= pmap->size)
        return PMAP_NOT_RAM;
    if (!find_leaf(pmap, page / SLOTS, &leaf) || !attach(pmap, leaf, page % SLOTS, mpa))
        return PMAP_NO_MEMORY;
    mpa->v |= (uint32_t)(gpa.v & PAGE_MASK);
    return PMAP_OK;
}

struct mpa pmap_lookup_own(const struct pmap *pmap, struct gpa gpa)
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

enum pmap_result pmap_translate(struct pmap *pmap, struct gpa gpa, struct mpa *mpa)
{
    if (__builtin_expect(pmap->parts != NULL, 0))
        return pmap->parts->pmap_translate(pmap, gpa, mpa);
    return pmap_translate_own(pmap, gpa, mpa);
}

struct mpa pmap_lookup(const struct pmap *pmap, struct gpa gpa)
{
    if (__builtin_expect(pmap->parts != NULL, 0))
        return pmap->parts->pmap_lookup(pmap, gpa);
    return pmap_lookup_own(pmap, gpa);
}
