/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * space.c - address spaces: the tables that translated code reads instead of walking page
 * tables, one set for each recently used (root, mode, SUM, MXR). Filled by the walk in
 * isa/sv32.c; switching spaces drops nothing. Which code a view holds is left to cache.c.
 */
#include <stddef.h>
#include <stdlib.h>

#include <sys/mman.h>

#include "isa/engine/jit/internal.h"

#define FEW_SPACES 16u /* as many are opened without need */

static uint32_t page_number(uint32_t va)
{
    return va >> PAGE_SHIFT;
}

static void clear_all_jumps(struct space *space)
{
    for (unsigned i = 0; i < JUMPS; i++)
        space->jump[i].va = JUMP_NONE;
    space->jumps = 0;
}

/* Of a space that has never been used: zeros are no entries, but for pc 0. */
static void begin_jumps(struct space *space)
{
    space_jump(space, 0)->va = JUMP_NONE;
}

/* The table is 32 KiB: a fence every few hundred instructions must not clear all of it. */
static void clear_jumps(struct space *space)
{
    if (space->jumps > JUMPS_LISTED) {
        clear_all_jumps(space);
        return;
    }
    for (uint32_t i = 0; i < space->jumps; i++)
        space->jump[space->jumped[i]].va = JUMP_NONE;
    space->jumps = 0;
}

void space_set_jump(struct space *space, uint32_t va, const void *code)
{
    struct jump_entry *entry = space_jump(space, va);
    bool added = entry->va == JUMP_NONE || !entry->code;

    if (added && space->jumps < JUMPS_LISTED)
        space->jumped[space->jumps] = (uint16_t)(entry - space->jump);
    if (added && space->jumps <= JUMPS_LISTED)
        space->jumps++;
    *entry = (struct jump_entry){.code = (uint64_t)(uintptr_t)code, .va = va};
}

/* The host has memory for it. */
static bool open_space(struct jit *jit, uint32_t number)
{
    struct space *space = space_at(jit, number);

    if (!window_open(jit, space))
        return false;
    space->number = number;
    return true;
}

bool space_init(struct jit *jit)
{
    void *memory = window_reserve(jit, jit->options.spaces);

    if (!memory)
        return false;
    /* The tables are sparse: a huge page would make each touch cost 2 MiB. */
    (void)madvise(memory, jit->stride * jit->options.spaces, MADV_NOHUGEPAGE);
    jit->spaces = memory;
    jit->space_count = jit->options.spaces;
    jit->spaces_wanted = jit->space_count < FEW_SPACES ? jit->space_count : FEW_SPACES;
    jit->key = KEY_NONE;
    for (unsigned i = 0; i < LIKELY; i++)
        jit->likely[i] = LIKELY_NONE;
    jit->slots = calloc(jit->space_count, sizeof *jit->slots);
    return jit->slots && open_space(jit, 0);
}

void space_destroy(struct jit *jit)
{
    free(jit->slots);
    pages_release(jit->spaces, jit->stride * jit->space_count);
}

static bool is_in_use(const struct jit *jit, uint32_t number)
{
    return jit->slots[number].used && !jit->slots[number].empty;
}

/* ---- Dropping ---- */

void space_drop(struct jit *jit, struct space *space)
{
    struct slot *slot = &jit->slots[space->number];

    if (slot->empty)
        return;
    slot->empty = space != jit->space;
    space->drops++;
    if (space->shown_count)
        window_hide_all(jit, space);
    for (uint32_t i = 0; i < space->fills; i++) {
        uint32_t page = space->filled[i];

        space->load[page] = 0;
        if (space->store[page]) /* the host need not give memory for what is only read */
            space->store[page] = 0;
        space->region[page / SV32_ENTRIES] = REGION_EMPTY;
    }
    space->fills = 0;
    hot_forget_all(space);
    if (space->fetches)
        clear_jumps(space);
    for (uint32_t i = 0; i < space->fetches; i++) {
        uint32_t page = space->fetched[i];

        space->fetch[page] = 0;
        space->region[page / SV32_ENTRIES] = REGION_EMPTY;
    }
    space->fetches = 0;
}

/* The same for all that are set; they are not listed any more. */
static void drop_listed_jumps(struct space *space, uint32_t va)
{
    uint32_t stay = 0;

    for (uint32_t i = 0; i < space->jumps; i++) {
        struct jump_entry *entry = &space->jump[space->jumped[i]];

        if (page_number(entry->va) == page_number(va))
            entry->va = JUMP_NONE;
        else
            space->jumped[stay++] = space->jumped[i];
    }
    space->jumps = stay;
}

/* Drops every jump into a page; they are in contiguous slots. */
static void drop_jumps(struct space *space, uint32_t va)
{
    struct jump_entry *first = space_jump(space, va & ~PAGE_MASK);

    if (space->jumps <= JUMPS_LISTED) {
        drop_listed_jumps(space, va);
        return;
    }
    for (unsigned i = 0; i < PAGE_SLOTS; i++)
        if (page_number(first[i].va) == page_number(va))
            first[i].va = JUMP_NONE;
}

static void drop_one(struct jit *jit, struct space *space, uint32_t page)
{
    if (space->shown[page])
        window_hide(jit, space, page);
    if (space->load[page]) /* the host need not give memory for what is only read */
        space->load[page] = 0;
    if (space->store[page])
        space->store[page] = 0;
    hot_forget(space, page);
    if (space->fetch[page]) {
        space->fetch[page] = 0;
        drop_jumps(space, page << PAGE_SHIFT);
    }
}

/* One guest entry may correspond to many of ours. */
void space_drop_page(struct jit *jit, struct space *space, uint32_t va)
{
    uint32_t region = SV32_INDEX(va, 1);

    if (jit->slots[space->number].empty || !space->region[region])
        return;
    if (space->region[region] == REGION_USED) {
        drop_one(jit, space, page_number(va));
        return;
    }
    for (uint32_t i = 0; i < SV32_ENTRIES; i++)
        drop_one(jit, space, region * SV32_ENTRIES + i);
    space->region[region] = REGION_USED;
}

/* ---- Choosing ---- */

static uint16_t *hint_of(struct jit *jit, uint64_t key)
{
    return &jit->hints[(key ^ key >> 6 ^ key >> 32 ^ key >> 37) % HINTS];
}

#define NOWHERE UINT32_MAX

static uint32_t find_slot(const struct jit *jit, uint64_t key)
{
    for (uint32_t i = 0; i < jit->spaces_used; i++)
        if (jit->slots[i].key == key && jit->slots[i].used)
            return i;
    return NOWHERE;
}

/* Of the empty slots, the one used last; of all, the least recently used. */
static uint32_t find_free(const struct jit *jit, uint32_t *oldest)
{
    uint32_t empty = NOWHERE;

    *oldest = 0;
    for (uint32_t i = 0; i < jit->spaces_used; i++) {
        const struct slot *slot = &jit->slots[i];

        if (slot->empty && (empty == NOWHERE || slot->used > jit->slots[empty].used))
            empty = i;
        if (slot->used < jit->slots[*oldest].used)
            *oldest = i;
    }
    return empty;
}

static uint64_t *evicted_at(struct jit *jit, uint64_t key)
{
    return &jit->evicted[(key ^ key >> 7 ^ key >> 32 ^ key >> 38) % EVICTED];
}

/*
 * Most keys of a guest whose processes come and go are never asked for again; so a new space, which
 * costs the host memory, must be worth it: one more for each key that comes back.
 */
static bool may_open(struct jit *jit, uint64_t key)
{
    if (*evicted_at(jit, key) == key && jit->spaces_wanted < jit->space_count)
        jit->spaces_wanted++;
    return jit->spaces_used < jit->spaces_wanted && open_space(jit, jit->spaces_used);
}

/*
 * For a key that has none: the empty slot used last, whose tables are in the host's caches; else
 * one that was never used, else the least recently used.
 */
static uint32_t take_slot(struct jit *jit, uint64_t key)
{
    uint32_t oldest, empty = find_free(jit, &oldest);

    if (empty != NOWHERE)
        return empty;
    if (may_open(jit, key)) {
        jit->stats.spaces++;
        return jit->spaces_used++;
    }
    *evicted_at(jit, jit->slots[oldest].key) = jit->slots[oldest].key;
    return oldest;
}

static uint32_t slot_for(struct jit *jit, uint64_t key)
{
    uint32_t found = find_slot(jit, key);

    return found != NOWHERE ? found : take_slot(jit, key);
}

/*
 * Code reads an entry before we write it, so that a page of the tables would fault twice in the
 * host. Spaces have entries in much the same places: write there first.
 */
static void touch_likely(const struct jit *jit, struct space *space)
{
    for (unsigned i = 0; i < LIKELY; i++) {
        uint32_t page = jit->likely[i];

        if (page == LIKELY_NONE)
            continue;
        space->load[page] = space->store[page] = 0;
        space->fetch[page] = 0;
    }
}

/* Of a space that has never been used: all is zero. */
static void begin_space(const struct jit *jit, struct space *space)
{
    pages_prepare(space->jump, offsetof(struct space, filled) - offsetof(struct space, jump));
    touch_likely(jit, space);
    begin_jumps(space);
    hot_forget_all(space);
    for (unsigned i = 0; i < LASTS; i++)
        space->last[i] = 1; /* no entry: a distance of one byte is not page-aligned */
}

void space_tell_translated(struct jit *jit)
{
    jit->engine.translated += jit->env.translated + jit->space->translated;
    jit->env.translated = jit->space->translated = 0;
}

void space_choose(struct jit *jit, uint64_t key)
{
    uint16_t *hint = hint_of(jit, key);
    struct slot *slot = &jit->slots[*hint];

    if (!slot->used || slot->key != key) {
        *hint = (uint16_t)slot_for(jit, key);
        slot = &jit->slots[*hint];
    }
    if (!slot->used)
        begin_space(jit, space_at(jit, *hint));
    else if (slot->key != key)
        space_drop(jit, space_at(jit, *hint));
    if (jit->space)
        space_tell_translated(jit);
    *slot = (struct slot){.key = key, .used = ++jit->clock};
    jit->space = space_at(jit, *hint);
    jit->window = (uint8_t *)jit->space + WINDOW_AT;
    jit->key = key;
}

/* ---- Filling ---- */

/* An entry of va is the first of its region: spaces to come may have some there, too. */
static void note_likely(struct jit *jit, uint32_t va)
{
    uint32_t page = page_number(va) & ~(LIKELY_PAGES - 1);

    for (unsigned i = 0; i < LIKELY; i++)
        if (jit->likely[i] == page)
            return;
    jit->likely[jit->likely_next++ % LIKELY] = page;
}

void space_use(struct jit *jit, struct space *space, uint32_t va, bool super)
{
    uint8_t *region = &space->region[SV32_INDEX(va, 1)];

    if (*region == REGION_EMPTY)
        note_likely(jit, va);
    if (super)
        *region = REGION_SUPER;
    else if (*region == REGION_EMPTY)
        *region = REGION_USED;
}

static void enter_page(struct jit *jit, struct space *space, uint64_t *table, uint32_t page,
                       uint64_t addend)
{
    if (space->fills == FILLS)
        space_drop(jit, space);
    if (!space->load[page] && !space->store[page])
        space->filled[space->fills++] = page;
    table[page] = addend;
}

/*
 * As sv32_locate(), but nothing is written. An access that has just been made has found it; a walk
 * is needed after one that spans pages, or that was not made in this way.
 */
static uint64_t find_page(struct jit *jit, uint32_t va, enum access access)
{
    const struct exec_located *located = &jit->env.located;
    struct sv32_space space;
    struct sv32_walk walk;

    if (located->where != SV32_NOWHERE && located->va == va && located->access == access)
        return located->where;
    space = exec_space(&jit->env);
    if (sv32_probe(&space, va, access, &walk) != SV32_OK)
        return SV32_NOWHERE;
    return walk.pa | (walk.level ? SV32_SUPER : 0);
}

/* The distance to the page of va, for the tables; false if they may not have it. */
static bool find_addend(struct jit *jit, uint32_t va, enum access access, uint64_t *addend,
                        bool *super)
{
    uint64_t where = find_page(jit, va, access), pa = where & ~SV32_SUPER;
    struct phys *phys = &jit->engine.phys;

    if (where == SV32_NOWHERE || pa - phys->base >= phys->size)
        return false;
    if (access == ACCESS_STORE && cache_holds(jit, pa))
        return false;
    *addend = (uint64_t)(uintptr_t)(phys->ram + (pa - phys->base)) - va;
    *super = where & SV32_SUPER;
    if (stops_watch_page(jit->engine.stops, va, pa, access)) {
        if (!*super)
            hot_note(jit, va, pa, access, *addend);
        return false;
    }
    if (access == ACCESS_STORE)
        writers_note(jit, pa, va);
    return true;
}

void space_fill(struct jit *jit, uint32_t va, enum access access)
{
    struct space *space = jit->space;
    uint64_t *table = access == ACCESS_STORE ? space->store : space->load, addend;
    bool super;

    if (table[page_number(va)] || !find_addend(jit, va, access, &addend, &super))
        return;
    jit->stats.fills++;
    enter_page(jit, space, table, page_number(va), addend);
    space_use(jit, space, va, super); /* after it, as it may have emptied the space */
}

void space_set_view(struct jit *jit, struct space *space, uint32_t va, const struct view *view,
                    bool super)
{
    uint32_t *slot = &space->fetch[page_number(va)];

    if (*slot == view->id)
        return;
    if (*slot)
        drop_jumps(space, va);
    if (space->fetches == FILLS)
        space_drop(jit, space);
    if (!*slot)
        space->fetched[space->fetches++] = page_number(va);
    *slot = view->id;
    space_use(jit, space, va, super);
}

/* ---- Operations for the code cache ---- */

void space_forget_view(struct jit *jit, const struct view *view)
{
    for (uint32_t i = 0; i < jit->spaces_used; i++) {
        struct space *space = space_at(jit, i);

        if (is_in_use(jit, i) && space->fetch[page_number(view->va)] == view->id) {
            space->fetch[page_number(view->va)] = 0;
            drop_jumps(space, view->va);
        }
    }
}

void space_forget_code(struct jit *jit)
{
    for (uint32_t i = 0; i < jit->spaces_used; i++) {
        struct space *space = space_at(jit, i);

        if (!is_in_use(jit, i))
            continue;
        for (uint32_t k = 0; k < space->fetches; k++)
            space->fetch[space->fetched[k]] = 0;
        if (space->fetches)
            clear_jumps(space);
        space->fetches = 0;
    }
}
