/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * pmap.c - your work: from guest-physical to machine addresses. README.md describes the task.
 * This starter attaches a new page on every call, and forgets it at once.
 */
#include "vmm/parts.h"

/*
 * What you can use (vmm/pmap.h, vmm/allocate.h, isa/phys.h):
 *
 *   pmap->base, pmap->size   the guest's RAM, in guest-physical bytes; both whole pages
 *   pmap->root               the machine address of a page for your table. It belongs to this VM,
 *                            and is zeroed when the VM is created
 *   allocate_page(pmap->allocator, pmap->owner, kind, &mpa)
 *                            a zeroed page; false: the machine has none left. The kind is
 *                            PAGE_GUEST for the guest's RAM, PAGE_PMAP for your tables
 *   allocate_host(pmap->allocator, mpa)
 *                            a pointer to the machine's memory at mpa
 *   load_le32(p), store_le32(p, value)
 *                            a word of it
 *   PAGE_SHIFT, PAGE_SIZE, PAGE_MASK
 *                            12, 4096, 4095
 */

/*
 * Translates the guest-physical address `gpa`, attaching a machine page on first use. PMAP_OK:
 * `*mpa` is the machine address of that byte. PMAP_NOT_RAM: the guest has no RAM there.
 * PMAP_NO_MEMORY: the machine has no page left.
 */
enum pmap_result part_pmap_translate(struct pmap *pmap, struct gpa gpa, struct mpa *mpa)
{
    if (!allocate_page(pmap->allocator, pmap->owner, PAGE_GUEST, mpa))
        return PMAP_NO_MEMORY;
    mpa->v |= (uint32_t)(gpa.v & PAGE_MASK);
    return PMAP_OK;
}

/* The same, but attaches nothing. MPA_NONE: no page is attached yet. */
struct mpa part_pmap_lookup(const struct pmap *pmap, struct gpa gpa)
{
    (void)pmap;
    (void)gpa;
    return MPA_NONE;
}
