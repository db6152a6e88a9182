/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * monitor.c - three parts of a monitor that its guests can escape from. Show it with steal.S
 * and tamper.S; then fix this file. The rest of the monitor is sound.
 *
 * Here a VM's RAM is contiguous, at home[its number] in machine memory, so that a
 * guest-physical address needs no table, but is only relocated and checked, as by Popek and
 * Goldberg's relocation-bounds register.
 */
#include "isa/csr.h"
#include "vmm/parts.h"

#define SUPERPAGE (1u << 22) /* 4 MiB */
#define VMS 8u

static struct mpa home[VMS];

/* The offset from the beginning of RAM; addresses below it become very large. */
static uint64_t offset_of(const struct pmap *pmap, struct gpa gpa)
{
    return gpa.v - pmap->base;
}

/* Guests use superpages: if the beginning of one is in RAM, then so is every page in it. */
static bool in_ram(const struct pmap *pmap, struct gpa gpa)
{
    uint64_t superpage = offset_of(pmap, gpa) & ~(uint64_t)(SUPERPAGE - 1);

    return superpage < pmap->size;
}

static struct mpa moved(const struct pmap *pmap, struct gpa gpa)
{
    return (struct mpa){(uint32_t)(home[pmap->owner].v + offset_of(pmap, gpa))};
}

/* On first use, a page is allocated to the VM for which it is reserved. */
static bool attach(struct pmap *pmap, struct mpa mpa)
{
    const struct page *page = allocate_info(pmap->allocator, mpa);
    struct mpa first = {mpa.v & ~PAGE_MASK};

    return page->kind != PAGE_RESERVED ||
           allocate_reserved(pmap->allocator, page->owner, PAGE_GUEST, first);
}

/*
 * PMAP_OK: *mpa is the machine address of `gpa`, which may have any value. PMAP_NOT_RAM: it is
 * not in this VM's RAM, which has pmap->size bytes from pmap->base on; the guest gets an access
 * fault, or a device is accessed. PMAP_NO_MEMORY: the machine has none left.
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

/* The same, but attaches nothing. MPA_NONE: no page is attached yet. */
struct mpa part_pmap_lookup(const struct pmap *pmap, struct gpa gpa)
{
    struct mpa mpa;

    if (!in_ram(pmap, gpa) || pmap->owner >= VMS || !home[pmap->owner].v)
        return MPA_NONE;
    mpa = moved(pmap, gpa);
    return allocate_info(pmap->allocator, mpa)->kind == PAGE_GUEST ? mpa : MPA_NONE;
}

/*
 * Rights for a shadow entry: PTE_R, PTE_W, PTE_X. `pte` is the guest's own entry, which allows the
 * access that the shadow entry is made for. isa/sv32.h describes `space`, and what an entry allows
 * in it.
 *
 * A user page belongs to the program, which gets all rights at once: that saves exits.
 */
uint32_t part_shadow_rights(const struct sv32_space *space, uint32_t pte)
{
    uint32_t rights = 0;

    if (pte & PTE_U)
        return PTE_R | PTE_W | PTE_X;
    if (sv32_allows(space, pte, ACCESS_LOAD))
        rights |= PTE_R;
    if (sv32_allows(space, pte, ACCESS_FETCH))
        rights |= PTE_X;
    if (sv32_allows(space, pte, ACCESS_STORE) && (pte & PTE_D))
        rights |= PTE_W;
    return rights;
}
