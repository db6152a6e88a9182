/* SPDX-License-Identifier: GPL-2.0-or-later */
/* wrong6.c - exercise 05: all of RAM is attached at the first question. */
#include "vmm/parts.h"

#define ENTRIES (PAGE_SIZE / 4)

static uint8_t *entry(const struct pmap *pmap, struct mpa table, uint64_t index)
{
    return allocate_host(pmap->allocator, table) + 4 * (index % ENTRIES);
}

/* What an entry names; if nothing, a new page. */
static bool attach(struct pmap *pmap, uint8_t *at, enum page_kind kind, struct mpa *page)
{
    page->v = load_le32(at);
    if (page->v)
        return true;
    if (!allocate_page(pmap->allocator, pmap->owner, kind, page))
        return false;
    store_le32(at, page->v);
    return true;
}

static enum pmap_result attach_one(struct pmap *pmap, struct gpa gpa, struct mpa *mpa);

static enum pmap_result attach_all(struct pmap *pmap)
{
    enum pmap_result result = PMAP_OK;
    struct mpa mpa;

    for (uint64_t at = 0; result == PMAP_OK && at < pmap->size; at += PAGE_SIZE)
        result = attach_one(pmap, (struct gpa){pmap->base + at}, &mpa);
    return result;
}

enum pmap_result part_pmap_translate(struct pmap *pmap, struct gpa gpa, struct mpa *mpa)
{
    if (!load_le32(entry(pmap, pmap->root, 0)) && attach_all(pmap) != PMAP_OK)
        return PMAP_NO_MEMORY;
    return attach_one(pmap, gpa, mpa);
}

static enum pmap_result attach_one(struct pmap *pmap, struct gpa gpa, struct mpa *mpa)
{
    uint64_t offset = gpa.v - pmap->base, page = offset >> PAGE_SHIFT;
    struct mpa leaf;

    if (offset >= pmap->size)
        return PMAP_NOT_RAM;
    if (!attach(pmap, entry(pmap, pmap->root, page / ENTRIES), PAGE_PMAP, &leaf) ||
        !attach(pmap, entry(pmap, leaf, page), PAGE_GUEST, mpa))
        return PMAP_NO_MEMORY;
    mpa->v |= (uint32_t)(gpa.v & PAGE_MASK);
    return PMAP_OK;
}

struct mpa part_pmap_lookup(const struct pmap *pmap, struct gpa gpa)
{
    uint64_t offset = gpa.v - pmap->base, page = offset >> PAGE_SHIFT;
    struct mpa mpa;

    if (offset >= pmap->size)
        return MPA_NONE;
    mpa.v = load_le32(entry(pmap, pmap->root, page / ENTRIES));
    if (mpa.v)
        mpa.v = load_le32(entry(pmap, mpa, page));
    if (mpa.v)
        mpa.v |= (uint32_t)(gpa.v & PAGE_MASK);
    return mpa;
}
