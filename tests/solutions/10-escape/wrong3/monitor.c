/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * monitor.c - wrong: a page that may be written is writable before it is dirty.
 */
#include "isa/csr.h"
#include "vmm/parts.h"

#define VMS 8u

static struct mpa home[VMS];

/* What is measured from the beginning of RAM; what lies before it becomes very large. */
static uint64_t offset_of(const struct pmap *pmap, struct gpa gpa)
{
    return gpa.v - pmap->base;
}

static bool in_ram(const struct pmap *pmap, struct gpa gpa)
{
    return offset_of(pmap, gpa) < pmap->size;
}

static struct mpa moved(const struct pmap *pmap, struct gpa gpa)
{
    return (struct mpa){(uint32_t)(home[pmap->owner].v + offset_of(pmap, gpa))};
}

/* A page that is touched for the first time is taken for the VM that it was set aside for. */
static bool attach(struct pmap *pmap, struct mpa mpa)
{
    const struct page *page = allocate_info(pmap->allocator, mpa);
    struct mpa first = {mpa.v & ~PAGE_MASK};

    return page->kind != PAGE_RESERVED ||
           allocate_reserved(pmap->allocator, page->owner, PAGE_GUEST, first);
}

/*
 * The machine address of `gpa`, which may be any, into *mpa: PMAP_OK. PMAP_NOT_RAM: it is not in
 * this VM's RAM, which has pmap->size bytes from pmap->base on; the guest gets an access fault, or
 * a device answers. PMAP_NO_MEMORY: the machine has none left.
 */
enum pmap_result part_pmap_translate(struct pmap *pmap, struct gpa gpa, struct mpa *mpa)
{
    uint32_t pages = (uint32_t)(pmap->size >> PAGE_SHIFT);

    if (!in_ram(pmap, gpa))
        return PMAP_NOT_RAM;
    if (pmap->owner >= VMS)
        return PMAP_NO_MEMORY;
    if (!home[pmap->owner].v &&
        !allocate_reserve(pmap->allocator, pmap->owner, pages, &home[pmap->owner]))
        return PMAP_NO_MEMORY;
    *mpa = moved(pmap, gpa);
    return attach(pmap, *mpa) ? PMAP_OK : PMAP_NO_MEMORY;
}

/* The same, but nothing is attached: MPA_NONE where nothing is. */
struct mpa part_pmap_lookup(const struct pmap *pmap, struct gpa gpa)
{
    struct mpa mpa;

    if (!in_ram(pmap, gpa) || pmap->owner >= VMS || !home[pmap->owner].v)
        return MPA_NONE;
    mpa = moved(pmap, gpa);
    return allocate_info(pmap->allocator, mpa)->kind == PAGE_GUEST ? mpa : MPA_NONE;
}

uint32_t part_shadow_rights(const struct sv32_space *space, uint32_t pte)
{
    uint32_t rights = 0;

    if (sv32_allows(space, pte, ACCESS_LOAD))
        rights |= PTE_R;
    if (sv32_allows(space, pte, ACCESS_FETCH))
        rights |= PTE_X;
    if (sv32_allows(space, pte, ACCESS_STORE))
        rights |= PTE_W;
    return rights;
}
