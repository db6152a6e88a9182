/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * hot.c - a page with watched memory that is accessed often. It is in no load or store table, so
 * each access to it takes the slow path. If there are many, code is retranslated with a check
 * (memory.c) that lets accesses outside the watched range take the fast path. A space has one
 * such page for loads and one for stores, the one last found to be hot.
 */
#include "isa/engine/jit/internal.h"

#define HOT_AFTER 32u /* slow loads or stores to watched pages, in a space */
#define WIDEST 4u     /* bytes of an access */

/* From the first to the last watched byte of the page, including any gaps. */
static void range_in_page(const struct engine_stops *stops, uint32_t va, uint64_t pa,
                          uint32_t *first, uint32_t *end)
{
    *first = PAGE_SIZE;
    *end = 0;
    for (uint32_t i = 0; i < stops->watch_count; i++) {
        const struct engine_watch *watch = &stops->watches[i];
        uint64_t page = (watch->physical ? pa : va) & ~(uint64_t)PAGE_MASK;
        uint64_t from = watch->at > page ? watch->at - page : 0;
        uint64_t to = watch->at + watch->len > page ? watch->at + watch->len - page : 0;

        if (from >= PAGE_SIZE || !to)
            continue;
        *first = from < *first ? (uint32_t)from : *first;
        *end = to > *end ? (uint32_t)to : *end;
    }
}

/* Drops all code, to be retranslated with checks. */
static void plant(struct jit *jit)
{
    jit->planted = true;
    cache_flush(jit);
}

void hot_note(struct jit *jit, uint32_t va, uint64_t pa, enum access access, uint64_t addend)
{
    bool stores = access == ACCESS_STORE;
    struct hot *hot = stores ? &jit->space->hot_store : &jit->space->hot_load;
    uint32_t first, end;

    if (++hot->hits < HOT_AFTER && !jit->options.hot_at_once)
        return;
    if (!jit->planted)
        plant(jit);
    if (stores)
        writers_note(jit, pa, va);
    range_in_page(jit->engine.stops, va, pa, &first, &end);
    space_use(jit, jit->space, va, false);
    *hot = (struct hot){.page = va >> PAGE_SHIFT,
                        .first = first - (WIDEST - 1),
                        .len = end - first + (WIDEST - 1),
                        .addend = addend};
}
