/* SPDX-License-Identifier: GPL-2.0-or-later */
/* wrong2.c - exercise 05: where nothing is attached, and page 0, are the same to its lookup. */
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

enum pmap_result part_pmap_translate(struct pmap *pmap, struct gpa gpa, struct mpa *mpa)
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

    if (!page || offset >= pmap->size)
        return MPA_NONE;
    mpa.v = load_le32(entry(pmap, pmap->root, page / ENTRIES));
    if (mpa.v)
        mpa.v = load_le32(entry(pmap, mpa, page));
    if (mpa.v)
        mpa.v |= (uint32_t)(gpa.v & PAGE_MASK);
    return mpa;
}
