/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * shadow_region.h - the guest's own table behind one leaf table, as it is at the moment: what a
 * walk of it would give, without walking. Nothing is written and nothing attached. For the files of
 * the shadow only.
 */
#ifndef PZ_VMM_SHADOW_REGION_H
#define PZ_VMM_SHADOW_REGION_H

#include "vmm/pmap.h"
#include "vmm/shadow.h"

struct shadow_region {
    const struct shadow *shadow;
    const struct shadow_key *key;
    const uint8_t *table; /* of level 0, in the host; NULL: there is none ... */
    uint32_t number;      /* ... and the guest's number of its page */
    uint32_t superpage;   /* the entry of level 1 if it is a leaf, else 0 */
    uint32_t flags;       /* of the entry last looked at ... */
    uint32_t rights;      /* ... and what they allow */
    const uint8_t *pages; /* the pmap's leaf that was last looked at; NULL: none ... */
    uint32_t pages_slot;  /* ... and its place in the root */
};

/* That of the 4 MiB at `slot` (bits 31..22 of a gva). Needs shadow->pmap. */
struct shadow_region shadow_region(const struct shadow *shadow, const struct shadow_key *key,
                                   uint32_t slot);

/* Find out what rights an entry with these flags allows; the pmap's leaf for a page's number. */
void shadow_region_flags(struct shadow_region *region, uint32_t flags);
void shadow_region_pages(struct shadow_region *region, uint32_t number);

/*
 * The page that the entry at `index` gives, and the rights that a shadow entry for it may have.
 * MPA_NONE: a walk would find nothing, or write to the entry (A is clear), or the page has not been
 * attached. There is no right to write until D is set.
 */
static inline struct mpa shadow_region_page(struct shadow_region *region, uint32_t index,
                                            uint32_t *rights)
{
    uint32_t pte = region->table ? load_le32(region->table + 4 * index)
                                 : region->superpage + PTE_MAKE(index, 0);
    uint32_t number = PTE_PPN(pte);

    if ((pte & PTE_FLAGS) != region->flags) /* most have those of their neighbours */
        shadow_region_flags(region, pte & PTE_FLAGS);
    *rights = region->rights;
    if (!region->rights)
        return MPA_NONE;
    if (number / SV32_ENTRIES != region->pages_slot)
        shadow_region_pages(region, number);
    return region->pages ? pmap_entry(region->pages, number % SV32_ENTRIES) : MPA_NONE;
}

#endif
