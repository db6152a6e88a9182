/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * shadow_prefill.c - a guest that has touched a page will soon touch pages near it, and the guest's
 * table is at hand. So entries are made for those neighbours that need no change to the guest's
 * state: A is set, the page is attached, and W is granted only if D is set. A hardware TLB that
 * prefetches does the same.
 */
#include "vmm/shadow_prefill.h"

#include "vmm/shadow_leaf.h"
#include "vmm/shadow_region.h"

void shadow_prefill(struct shadow *shadow, struct mpa leaf, uint32_t index)
{
    const struct shadow_root *root = &shadow->roots[shadow->current];
    uint32_t first = index & ~(SHADOW_NEIGHBOURS - 1), rights;
    const uint8_t *entries = allocate_host(shadow->allocator, leaf);
    struct shadow_region region;

    if (!shadow->pmap || !root->key.satp)
        return;
    region = shadow_region(shadow, &root->key, allocate_info(shadow->allocator, leaf)->slot);
    for (uint32_t i = first; i < first + SHADOW_NEIGHBOURS; i++) {
        struct mpa page;

        if (load_le32(entries + 4 * i))
            continue;
        page = shadow_region_page(&region, i, &rights);
        rights = page.v ? shadow_page_rights(shadow, page, rights) : 0;
        if (!rights)
            continue;
        shadow_leaf_set(shadow, shadow_entry(leaf, i), page, rights);
        shadow->prefills++;
    }
}
