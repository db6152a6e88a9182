/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * shadow_region.h - reads the guest table behind one shadow leaf table: what a walk would give now,
 * without walking. It writes nothing and attaches nothing. Internal to the shadow_*.c files.
 */
#ifndef PZ_VMM_SHADOW_REGION_H
#define PZ_VMM_SHADOW_REGION_H

#include "vmm/pmap.h"
#include "vmm/shadow.h"

struct shadow_region {
    const struct shadow *shadow;
    const struct shadow_key *key;
    const uint8_t *table; /* the level-0 table, in the host; NULL: none... */
    uint32_t number;      /* ...and its guest page number */
    uint32_t superpage;   /* the level-1 entry if it is a leaf, else 0 */
    uint32_t flags;       /* of the entry last read... */
    uint32_t rights;      /* ...and the rights they give */
    const uint8_t *pages; /* the pmap leaf last used; NULL: none... */
    uint32_t pages_slot;  /* ...and its slot in the root */
};

/* The region for the 4 MiB at `slot` (bits 31..22 of a gva). Needs shadow->pmap. */
struct shadow_region shadow_region(const struct shadow *shadow, const struct shadow_key *key,
                                   uint32_t slot);

/* Update the region's cached rights for these flags; its cached pmap leaf for a page number. */
void shadow_region_flags(struct shadow_region *region, uint32_t flags);
void shadow_region_pages(struct shadow_region *region, uint32_t number);

/*
 * The page that the guest's entry at `index` maps, and the rights that a shadow entry for it may
 * have. MPA_NONE: a walk would fault or set A, or the page has not been attached. The rights
 * exclude W until D is set.
 */
static inline struct mpa shadow_region_page(struct shadow_region *region, uint32_t index,
                                            uint32_t *rights)
{
    uint32_t pte = region->table ? load_le32(region->table + 4 * index)
                                 : region->superpage + PTE_MAKE(index, 0);
    uint32_t number = PTE_PPN(pte);

    if ((pte & PTE_FLAGS) != region->flags) /* flags seldom differ between neighbours */
        shadow_region_flags(region, pte & PTE_FLAGS);
    *rights = region->rights;
    if (!region->rights)
        return MPA_NONE;
    if (number / SV32_ENTRIES != region->pages_slot)
        shadow_region_pages(region, number);
    return region->pages ? pmap_entry(region->pages, number % SV32_ENTRIES) : MPA_NONE;
}

#endif
