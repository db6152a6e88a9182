/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * shadow_keep.c - compares shadow entries with the guest's table at a fence. An entry stays if the
 * guest's entry gives the same page with at least the same rights, and a walk would not write to
 * it. That costs a few loads, whereas dropping the entry costs an exit and a walk when it is next
 * needed. With replaced parts (parts.h), entries cannot be compared.
 */
#include "vmm/shadow_keep.h"

#include "vmm/shadow_leaf.h"
#include "vmm/shadow_region.h"
#include "vmm/shadow_still.h"
#include "vmm/watch.h"

/* For up to this many pages, the engine is told each one; for more, that the root has changed. */
#define TOLD_SINGLY 4u

struct comparison {
    struct shadow *shadow;
    struct shadow_region region;
    uint32_t satp, va; /* of the shadow root; of the leaf table's region */
    unsigned dropped;
    uint32_t told[TOLD_SINGLY]; /* the first addresses dropped */
};

static inline bool is_given(struct shadow_region *region, uint32_t index, uint32_t entry)
{
    uint32_t rights;
    struct mpa page = shadow_region_page(region, index, &rights);

    return !(PTE_LEAF(shadow_meant(entry)) & ~rights) && page.v == shadow_target(entry).v;
}

static void note_dropped(struct comparison *c, uint32_t index)
{
    if (c->dropped < TOLD_SINGLY)
        c->told[c->dropped] = c->va | index << PAGE_SHIFT;
    c->dropped++;
}

static struct shadow_verdict judge(void *owner, const uint8_t *entries, uint32_t first)
{
    struct comparison *c = owner;
    struct shadow_verdict verdict = {.gone = 0};

    for (uint32_t i = 0, bit = 1; i < SHADOW_HALF; i++, bit <<= 1) {
        uint32_t entry = load_le32(entries + 4 * i);

        if (!entry)
            continue;
        if (is_given(&c->region, first + i, entry)) {
            verdict.some_stay = true;
        } else {
            verdict.gone |= bit;
            note_dropped(c, first + i);
        }
    }
    return verdict;
}

/* The machine page of the region's table; MPA_NONE: it has none. */
static struct mpa table_of(const struct comparison *c)
{
    const uint8_t *table = c->region.table;

    return table ? allocate_mpa(c->shadow->allocator, table) : MPA_NONE;
}

static void compare_leaf(struct comparison *c, const struct shadow_root *root, struct mpa leaf)
{
    struct page *info = allocate_info(c->shadow->allocator, leaf);
    unsigned dropped = c->dropped;

    if (!info->live)
        return;
    c->region = shadow_region(c->shadow, &root->key, info->slot);
    if (shadow_still(c->shadow, leaf, table_of(c)))
        return;
    watch_unlink(c->shadow, leaf);
    c->va = (uint32_t)info->slot << 22;
    shadow_leaf_sweep(c->shadow, leaf, judge, c);
    info->superpage = c->region.superpage && info->live;
    shadow_still_compared(c->shadow, leaf, table_of(c), c->region.number, c->dropped - dropped);
}

/*
 * Called after the entries have been dropped: an engine may compare its caches with them (cpu
 * does).
 */
static void tell(const struct comparison *c)
{
    if (c->dropped > TOLD_SINGLY) {
        engine_drop_root(c->shadow->engine, c->satp);
        return;
    }
    for (unsigned i = 0; i < c->dropped; i++)
        engine_drop_page(c->shadow->engine, c->satp, c->told[i]);
}

/* A fence for any address in a superpage applies to all of it. */
static void compare_superpage(struct shadow *shadow, const struct shadow_root *root,
                              struct mpa leaf)
{
    struct comparison c = {.shadow = shadow, .satp = shadow_root_satp(root)};

    if (!shadow->pmap) {
        shadow_drop_leaf(shadow, leaf);
        return;
    }
    compare_leaf(&c, root, leaf);
    tell(&c);
}

/* Makes the entry that a walk would give without writing to the guest's entry. */
static void make_entry(struct shadow *shadow, struct mpa entry, struct mpa page,
                       uint32_t rights)
{
    rights = page.v ? shadow_page_rights(shadow, page, rights) : 0;
    if (!rights)
        return;
    shadow_leaf_set(shadow, entry, page, rights);
    shadow->prefills++;
}

/*
 * If the guest's entry now gives another page or fewer rights, it replaces the shadow's: that was
 * in use, and would soon fault again. If the shadow has no entry, the guest has just made one and
 * is about to use it, though hardly with SUM.
 */
static void compare_entry(struct shadow *shadow, const struct shadow_root *root,
                          struct mpa entry, uint32_t va)
{
    uint32_t value = shadow_read(shadow, entry), rights;
    struct shadow_region region;
    struct mpa page;

    if (!value && root->key.sum)
        return;
    region = shadow_region(shadow, &root->key, SV32_INDEX(va, 1));
    page = shadow_region_page(&region, SV32_INDEX(va, 0), &rights);
    if (value && page.v == shadow_target(value).v && !(PTE_LEAF(shadow_meant(value)) & ~rights))
        return;
    shadow_drop_entry(shadow, entry);
    if (region.table)
        make_entry(shadow, entry, page, rights);
}

void shadow_keep_address(struct shadow *shadow, const struct shadow_root *root, uint32_t va)
{
    struct mpa leaf = shadow_leaf(shadow, root, SV32_INDEX(va, 1));

    if (!leaf.v)
        return;
    if (allocate_info(shadow->allocator, leaf)->superpage)
        compare_superpage(shadow, root, leaf);
    else if (shadow->pmap)
        compare_entry(shadow, root, shadow_entry(leaf, SV32_INDEX(va, 0)), va);
    else
        shadow_drop_entry(shadow, shadow_entry(leaf, SV32_INDEX(va, 0)));
}

void shadow_keep_root(struct shadow *shadow, struct shadow_root *root)
{
    struct comparison c = {.shadow = shadow, .satp = shadow_root_satp(root)};
    struct mpa leaf = root->leaves;

    shadow_doubt(shadow, root, false);
    if (!shadow->pmap || root->live > SHADOW_KEEP_MOST) {
        shadow_empty_root(shadow, root);
        return;
    }
    for (; leaf.v; leaf = allocate_info(shadow->allocator, leaf)->next_leaf)
        compare_leaf(&c, root, leaf);
    tell(&c);
}
