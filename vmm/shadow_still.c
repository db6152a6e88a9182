/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * shadow_still.c - decides which guest tables are watched under `lazy`, and which leaf tables are
 * known to agree with their guest tables. watch.c does the watching, as under `trace`; a write ends
 * it.
 */
#include "vmm/shadow_still.h"

#include "vmm/watch.h"

bool shadow_still(const struct shadow *shadow, struct mpa leaf, struct mpa table)
{
    return table.v && allocate_info(shadow->allocator, leaf)->guest_table.v == table.v;
}

/* A shared page cannot be watched: it may be written for other VMs, without notice. */
static bool may_watch(const struct shadow *shadow, const struct page *table)
{
    return !shadow->filled_by_others && table->kind == PAGE_GUEST;
}

static uint32_t price_of(const struct page *table)
{
    uint8_t doubled =
        table->writes < SHADOW_STILL_DOUBLED ? table->writes : SHADOW_STILL_DOUBLED;

    return SHADOW_STILL_PRICE << doubled;
}

/* The table could be watched, if the VM had a private copy of its page. */
static void want_own(struct shadow *shadow, const struct page *table, uint32_t number)
{
    if (PZ_HOSTED && table->kind == PAGE_SHARED)
        shadow->hot_shared = number;
}

void shadow_still_compared(struct shadow *shadow, struct mpa leaf, struct mpa table,
                           uint32_t number, unsigned gone)
{
    struct page *info = allocate_info(shadow->allocator, leaf), *of;

    if (gone || !table.v) {
        info->compared = 0;
        return;
    }
    of = allocate_info(shadow->allocator, table);
    info->compared = (uint16_t)(info->compared + info->live);
    if (!of->traced && info->compared < price_of(of))
        return;
    info->compared = 0;
    if (!of->traced && !may_watch(shadow, of)) {
        want_own(shadow, of, number);
        return;
    }
    watch_start(shadow, table);
    watch_leaf(shadow, leaf, table);
}

void shadow_still_fill(struct shadow *shadow, struct mpa leaf, struct mpa table)
{
    struct page *info = allocate_info(shadow->allocator, leaf);

    if (info->guest_table.v != table.v)
        watch_unlink(shadow, leaf);
    if (!info->live && table.v && allocate_info(shadow->allocator, table)->traced)
        watch_leaf(shadow, leaf, table);
}
