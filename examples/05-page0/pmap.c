/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * pmap.c - your work: from a guest's "physical" addresses to the machine's. README.md says what has
 * to come of it. This starter attaches a page whenever it is asked for one, and forgets it at once.
 */
#include "vmm/parts.h"

/*
 * What there is (vmm/pmap.h, vmm/allocate.h, isa/phys.h):
 *
 *   pmap->base, pmap->size   the guest's RAM, in guest-physical bytes; both whole pages
 *   pmap->root               the machine address of a page for your table. It is this VM's own, and
 *                            zero when the VM is made
 *   allocate_page(pmap->allocator, pmap->owner, kind, &mpa)
 *                            a page of zeros; false: the machine has none left. The kind is
 *                            PAGE_GUEST for the guest's RAM, PAGE_PMAP for tables of yours
 *   allocate_host(pmap->allocator, mpa)
 *                            a pointer to the machine's memory at mpa
 *   load_le32(p), store_le32(p, value)
 *                            a word of it
 *   PAGE_SHIFT, PAGE_SIZE, PAGE_MASK
 *                            12, 4096, 4095
 */

/*
 * Where in the machine is the guest-physical address `gpa`? A page that has not been used before is
 * attached now. PMAP_OK: `*mpa` is it, to the byte. PMAP_NOT_RAM: the guest has no RAM there.
 * PMAP_NO_MEMORY: the machine has no page left.
 */
enum pmap_result part_pmap_translate(struct pmap *pmap, struct gpa gpa, struct mpa *mpa)
{
    if (!allocate_page(pmap->allocator, pmap->owner, PAGE_GUEST, mpa))
        return PMAP_NO_MEMORY;
    mpa->v |= (uint32_t)(gpa.v & PAGE_MASK);
    return PMAP_OK;
}

/* The same question, asked in passing: nothing is attached. MPA_NONE: there is nothing yet. */
struct mpa part_pmap_lookup(const struct pmap *pmap, struct gpa gpa)
{
    (void)pmap;
    (void)gpa;
    return MPA_NONE;
}
