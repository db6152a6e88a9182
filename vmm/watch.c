/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * watch.c - tracks which shadow tables are derived from which guest tables, and drops the entries
 * that a write to a guest table affects. Watching ends when nothing is derived from the page any
 * more, or when it is written so often that it is probably no longer a page table.
 */
#include "vmm/watch.h"

static struct page *page_info(const struct shadow *shadow, struct mpa mpa)
{
    return allocate_info(shadow->allocator, mpa);
}

void watch_start(struct shadow *shadow, struct mpa table)
{
    struct page *info = page_info(shadow, table);

    if (info->traced)
        return;
    info->traced = true;
    shadow_narrow(shadow, table, PTE_W);
}

/* A walk has used the page as a table. */
static void use(struct shadow *shadow, struct mpa table)
{
    page_info(shadow, table)->writes = 0;
    watch_start(shadow, table);
}

void watch_leaf(struct shadow *shadow, struct mpa leaf, struct mpa table)
{
    struct page *info = page_info(shadow, leaf);

    if (info->guest_table.v)
        return;
    info->guest_table = table;
    info->next_shadow = page_info(shadow, table)->shadows;
    page_info(shadow, table)->shadows = leaf;
}

void watch_link(struct shadow *shadow, struct mpa leaf, const struct shadow_mapping *mapping)
{
    struct page *info = page_info(shadow, leaf);
    struct mpa table = mapping->guest_table;

    if (mapping->guest_root.v) {
        shadow->roots[info->root].guest_table = mapping->guest_root;
        page_info(shadow, mapping->guest_root)->rooted = true;
        use(shadow, mapping->guest_root);
    }
    if (!table.v)
        return;
    use(shadow, table);
    watch_leaf(shadow, leaf, table);
}

void watch_unlink(struct shadow *shadow, struct mpa leaf)
{
    struct page *info = page_info(shadow, leaf);
    struct mpa *at;

    if (!info->guest_table.v)
        return;
    at = &page_info(shadow, info->guest_table)->shadows;
    while (at->v != leaf.v)
        at = &page_info(shadow, *at)->next_shadow;
    *at = info->next_shadow;
    info->guest_table = MPA_NONE;
}

bool watch_matches(const struct shadow *shadow, struct mpa leaf,
                   const struct shadow_mapping *mapping)
{
    const struct page *info = page_info(shadow, leaf);

    return !shadow_traces(shadow) || (info->guest_table.v == mapping->guest_table.v &&
                                      info->superpage == mapping->superpage);
}

/* Entries first to last of a level-0 guest table were written. */
static void wrote_leaf_table(struct shadow *shadow, struct mpa table, uint32_t first,
                             uint32_t last)
{
    struct mpa leaf = page_info(shadow, table)->shadows;

    for (; leaf.v; leaf = page_info(shadow, leaf)->next_shadow)
        for (uint32_t i = first; i <= last; i++)
            shadow_drop_entry(shadow, (struct mpa){leaf.v + 4 * i});
}

/*
 * Entries first to last of a guest's root were written: drops the whole leaf table below each.
 */
static void wrote_root(struct shadow *shadow, struct shadow_root *root, uint32_t first,
                       uint32_t last)
{
    for (uint32_t slot = first; slot <= last; slot++) {
        struct mpa at = {root->table.v + 4 * slot};
        uint32_t entry = load_le32(allocate_host(shadow->allocator, at));

        if (entry)
            shadow_drop_leaf(shadow, (struct mpa){PTE_PPN(entry) << PAGE_SHIFT});
    }
}

static bool is_root_of(const struct shadow_root *root, struct mpa page)
{
    return root->used && root->guest_table.v == page.v;
}

/* Ends watching, under `lazy`, after an unexpected write. */
static void end(struct shadow *shadow, struct mpa page)
{
    struct page *info = page_info(shadow, page);

    info->writes += info->writes < UINT8_MAX;
    watch_stop(shadow, page);
}

void watch_wrote(struct shadow *shadow, struct mpa mpa, uint32_t len)
{
    struct mpa page = {mpa.v & ~PAGE_MASK};
    uint32_t first = (mpa.v & PAGE_MASK) / 4, last = ((mpa.v & PAGE_MASK) + len - 1) / 4;
    const struct page *info = page_info(shadow, page);

    if (!info->traced)
        return;
    if (!shadow_traces(shadow)) {
        end(shadow, page);
        return;
    }
    wrote_leaf_table(shadow, page, first, last);
    for (unsigned i = 0; info->rooted && i < shadow->root_count; i++)
        if (is_root_of(&shadow->roots[i], page))
            wrote_root(shadow, &shadow->roots[i], first, last);
}

static bool serves(const struct shadow *shadow, struct mpa page)
{
    const struct page *info = page_info(shadow, page);

    if (info->shadows.v)
        return true;
    for (unsigned i = 0; info->rooted && i < shadow->root_count; i++)
        if (is_root_of(&shadow->roots[i], page) && shadow->roots[i].tables)
            return true;
    return false;
}

void watch_stop(struct shadow *shadow, struct mpa page)
{
    struct page *info = page_info(shadow, page);

    while (info->shadows.v)
        if (shadow_traces(shadow))
            shadow_drop_leaf(shadow, info->shadows);
        else
            watch_unlink(shadow, info->shadows);
    for (unsigned i = 0; info->rooted && i < shadow->root_count; i++)
        if (is_root_of(&shadow->roots[i], page))
            shadow_strip_root(shadow, &shadow->roots[i]);
    info->traced = false;
    if (shadow_traces(shadow))
        info->writes = 0;
}

bool watch_store(struct shadow *shadow, struct mpa page)
{
    struct page *info = page_info(shadow, page);

    if (!shadow_traces(shadow)) {
        end(shadow, page);
        return false;
    }
    if (++info->writes <= WATCH_WRITES_MOST && serves(shadow, page))
        return true;
    watch_stop(shadow, page);
    return false;
}
