/* SPDX-License-Identifier: GPL-2.0-or-later */
/* wrong1.c - exercise 05: one table, and all VMs look into it. */
#include "vmm/parts.h"

static struct mpa table[1u << 20];

enum pmap_result part_pmap_translate(struct pmap *pmap, struct gpa gpa, struct mpa *mpa)
{
    uint64_t offset = gpa.v - pmap->base;
    struct mpa *page = &table[(offset >> PAGE_SHIFT) % (1u << 20)];

    if (offset >= pmap->size)
        return PMAP_NOT_RAM;
    if (!page->v && !allocate_page(pmap->allocator, pmap->owner, PAGE_GUEST, page))
        return PMAP_NO_MEMORY;
    mpa->v = page->v | (uint32_t)(gpa.v & PAGE_MASK);
    return PMAP_OK;
}

struct mpa part_pmap_lookup(const struct pmap *pmap, struct gpa gpa)
{
    uint64_t offset = gpa.v - pmap->base;
    struct mpa page = MPA_NONE;

    if (offset < pmap->size)
        page = table[offset >> PAGE_SHIFT];
    if (page.v)
        page.v |= (uint32_t)(gpa.v & PAGE_MASK);
    return page;
}
