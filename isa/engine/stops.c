/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * stops.c - looking up stop addresses and watched memory. Addresses are found by a filter and
 * then binary search, so that thousands cost as little as one; watched ranges are few.
 */
#include "isa/engine/stops.h"

/* ---- Addresses ---- */

void stops_index(struct engine_stops *stops)
{
    memset(stops->filter, 0, sizeof stops->filter);
    for (uint32_t i = 0; i < stops->count; i++) {
        uint32_t hash = stops_hash(stops->at[i]);

        stops->filter[hash / 64] |= 1ull << hash % 64;
    }
}

/* The first address that is not below va. */
static uint32_t lower_bound(const struct engine_stops *stops, uint32_t va)
{
    uint32_t low = 0, high = stops->count;

    while (low < high) {
        uint32_t middle = (low + high) / 2;

        if (stops->at[middle] < va)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

bool stops_search(const struct engine_stops *stops, uint32_t va)
{
    uint32_t i = lower_bound(stops, va);

    return i < stops->count && stops->at[i] == va;
}

bool stops_within(const struct engine_stops *stops, uint32_t va, uint32_t len)
{
    uint32_t i = lower_bound(stops, va);

    return i < stops->count && stops->at[i] - va < len;
}

uint32_t stops_page_mark(const struct engine_stops *stops, uint32_t va)
{
    enum { PRIME = 16777619 }; /* FNV-1a */
    uint32_t page = va & ~PAGE_MASK, mark = 0;

    if (!stops)
        return 0;
    for (uint32_t i = lower_bound(stops, page);
         i < stops->count && (stops->at[i] & ~PAGE_MASK) == page; i++)
        mark = (mark ^ (stops->at[i] & PAGE_MASK) ^ 0x811c9dc5u) * PRIME;
    return mark;
}

/* ---- Memory ---- */

/* What an instruction accesses. */
struct reach {
    uint32_t va, len;
    bool loads, stores;
};

static bool reach_of(const struct hart *hart, const struct insn *insn, struct reach *reach)
{
    unsigned format;

    if (insn->id == INSN_ILLEGAL)
        return false;
    format = insn_desc((enum insn_id)insn->id)->format;
    reach->loads = format == FORMAT_LOAD || format == FORMAT_LR ||
                   (format == FORMAT_AMO && insn->id != INSN_sc_w);
    reach->stores = format == FORMAT_STORE || format == FORMAT_AMO;
    if (!reach->loads && !reach->stores)
        return false;
    reach->len = insn_width(insn);
    reach->va = hart->x[insn->rs1];
    if (format == FORMAT_LOAD || format == FORMAT_STORE)
        reach->va += (uint32_t)insn->imm;
    return true;
}

static bool waits_for(const struct engine_watch *watch, bool loads, bool stores)
{
    return (watch->loads && loads) || (watch->stores && stores);
}

static bool overlap(const struct engine_watch *watch, uint64_t at, uint32_t len)
{
    return at < watch->at + watch->len && watch->at < at + len;
}

/* Virtual addresses wrap around to 0. */
static bool overlap_virtual(const struct engine_watch *watch, const struct reach *reach)
{
    uint64_t end = (uint64_t)reach->va + reach->len;

    return overlap(watch, reach->va, reach->len) ||
           (end > 1ull << 32 && watch->at < end - (1ull << 32));
}

static bool any_virtual(const struct engine_stops *stops, const struct reach *reach)
{
    for (uint32_t i = 0; i < stops->watch_count; i++)
        if (!stops->watches[i].physical &&
            waits_for(&stops->watches[i], reach->loads, reach->stores) &&
            overlap_virtual(&stops->watches[i], reach))
            return true;
    return false;
}

static bool any_physical(const struct engine_stops *stops, uint64_t pa, uint32_t len,
                         const struct reach *reach)
{
    for (uint32_t i = 0; i < stops->watch_count; i++)
        if (stops->watches[i].physical &&
            waits_for(&stops->watches[i], reach->loads, reach->stores) &&
            overlap(&stops->watches[i], pa, len))
            return true;
    return false;
}

/*
 * The part of an access that is in one page. If it cannot be translated, the access will trap.
 */
static bool part_is_watched(const struct engine_stops *stops, const struct exec_env *env,
                            uint32_t va, uint32_t len, const struct reach *reach)
{
    struct sv32_space space = exec_space(env);
    struct sv32_walk walk;

    return sv32_probe(&space, va, reach->stores ? ACCESS_STORE : ACCESS_LOAD, &walk) ==
               SV32_OK &&
           any_physical(stops, walk.pa, len, reach);
}

static bool is_watched(const struct engine_stops *stops, const struct exec_env *env,
                       const struct reach *reach)
{
    uint32_t room = PAGE_SIZE - (reach->va & PAGE_MASK);
    uint32_t first = reach->len < room ? reach->len : room;

    return any_virtual(stops, reach) || part_is_watched(stops, env, reach->va, first, reach) ||
           (first < reach->len &&
            part_is_watched(stops, env, reach->va + first, reach->len - first, reach));
}

bool stops_access(const struct engine *engine, const struct exec_env *env,
                  const struct insn *insn)
{
    const struct engine_stops *stops = engine->stops;
    struct reach reach;

    return stops && stops->watch_count && !stops_passed_access(engine, env->hart) &&
           reach_of(env->hart, insn, &reach) && is_watched(stops, env, &reach);
}

bool stops_access_virtual(const struct engine *engine, const struct hart *hart,
                          const struct insn *insn)
{
    const struct engine_stops *stops = engine->stops;
    struct reach reach;

    return stops && stops->watch_count && !stops_passed_access(engine, hart) &&
           reach_of(hart, insn, &reach) && any_virtual(stops, &reach);
}

/* An AMO also loads, but with the rights of a store. */
bool stops_watch_page(const struct engine_stops *stops, uint32_t va, uint64_t pa,
                      enum access access)
{
    for (uint32_t i = 0; stops && i < stops->watch_count; i++) {
        const struct engine_watch *watch = &stops->watches[i];
        uint64_t page = (watch->physical ? pa : va) & ~(uint64_t)PAGE_MASK;

        if (waits_for(watch, true, access == ACCESS_STORE) && overlap(watch, page, PAGE_SIZE))
            return true;
    }
    return false;
}
