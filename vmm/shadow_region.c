/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * shadow_region.c - reads a guest's page table. It follows the rules of the walk (isa/sv32.h) and
 * must never grant more. It is for callers that need many entries of one table at once.
 */
#include "vmm/shadow_region.h"

/* A page table's bytes; NULL: it is not in the guest's RAM, or was never touched. */
static const uint8_t *table_host(const struct shadow *shadow, uint32_t number)
{
    const uint8_t *pages = pmap_leaf(shadow->pmap, number / SV32_ENTRIES);
    struct mpa mpa = pages ? pmap_entry(pages, number % SV32_ENTRIES) : MPA_NONE;

    return mpa.v ? allocate_host(shadow->allocator, mpa) : NULL;
}

struct shadow_region shadow_region(const struct shadow *shadow, const struct shadow_key *key,
                                   uint32_t slot)
{
    struct shadow_region region = {
        .shadow = shadow, .key = key, .pages_slot = SV32X4_ROOT_ENTRIES /* none */};
    const uint8_t *root = table_host(shadow, key->satp & SATP_PPN);
    uint32_t pte = root ? load_le32(root + 4 * slot) : 0;

    if (sv32_malformed(pte))
        return region;
    if (!PTE_LEAF(pte)) {
        region.number = PTE_PPN(pte);
        region.table = table_host(shadow, region.number);
    } else if (!(PTE_PPN(pte) & (SV32_ENTRIES - 1))) {
        region.superpage = pte;
    }
    return region;
}

static uint32_t rights_of(const struct shadow_key *key, uint32_t pte)
{
    const struct sv32_space space = {.mode = key->mode, .sum = key->sum, .mxr = key->mxr};

    if (sv32_malformed(pte) || !PTE_LEAF(pte) || !(pte & PTE_A))
        return 0;
    return shadow_rights(&space, pte);
}

void shadow_region_flags(struct shadow_region *region, uint32_t flags)
{
    region->flags = flags;
    region->rights = rights_of(region->key, flags);
}

void shadow_region_pages(struct shadow_region *region, uint32_t number)
{
    region->pages_slot = number / SV32_ENTRIES;
    region->pages = pmap_leaf(region->shadow->pmap, region->pages_slot);
}
