/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * predecode_space.c - address spaces: for each recently used one, a table from virtual pages to the
 * host's memory, filled by the walk of isa/sv32.c, and a table to pages of code. What the code is
 * is left to predecode_code.c.
 */
#include "isa/engine/predecode.h"
#include "isa/engine/stops.h"

static void clear(struct predecode_entry *entry)
{
    entry->load = entry->store = PREDECODE_NOWHERE;
}

static void clear_fetches(struct predecode_space *space)
{
    if (!space->fetched)
        return;
    for (unsigned i = 0; i < PREDECODE_FETCHES; i++)
        space->fetches[i].va = PREDECODE_NOWHERE;
    space->fetched = false;
}

/* ---- Dropping ---- */

void predecode_space_drop(struct predecode_space *space)
{
    for (uint32_t i = 0; i < space->fills; i++)
        clear(&space->entries[space->filled[i]]);
    space->fills = 0;
    clear_fetches(space);
    if (space->supers)
        memset(space->super, 0, sizeof space->super);
    space->supers = false;
}

static void drop_one(struct predecode_space *space, uint32_t page)
{
    struct predecode_entry *entry = &space->entries[page >> PAGE_SHIFT & (PREDECODE_TLB - 1)];
    struct predecode_fetch *fetch =
        &space->fetches[page >> PAGE_SHIFT & (PREDECODE_FETCHES - 1)];

    if (entry->load == page)
        entry->load = PREDECODE_NOWHERE;
    if (entry->store == page)
        entry->store = PREDECODE_NOWHERE;
    if (fetch->va == page)
        fetch->va = PREDECODE_NOWHERE;
}

/* One guest entry may correspond to many of ours. */
void predecode_space_drop_page(struct predecode_space *space, uint32_t va)
{
    uint32_t region = SV32_INDEX(va, 1);

    if (!space->super[region]) {
        drop_one(space, va & ~PAGE_MASK);
        return;
    }
    for (uint32_t i = 0; i < SV32_ENTRIES; i++)
        drop_one(space, (region * SV32_ENTRIES + i) << PAGE_SHIFT);
    space->super[region] = 0;
}

void predecode_space_fence(struct predecode *predecode)
{
    const struct exec_fence *fence = &predecode->env.fence;

    for (uint32_t i = 0; i < predecode->space_count; i++) {
        struct predecode_space *space = &predecode->spaces[i];

        if (space->key == KEY_NONE || ((space->key ^ predecode->key) & KEY_WHOSE))
            continue;
        if (fence->one_va)
            predecode_space_drop_page(space, fence->va);
        else
            predecode_space_drop(space);
    }
}

/* ---- Choosing ---- */

/* The space of the key, else one that is not in use, else the least recently used. */
static struct predecode_space *search(struct predecode *predecode, uint64_t key)
{
    struct predecode_space *oldest = predecode->spaces;

    for (uint32_t i = 0; i < predecode->space_count; i++) {
        struct predecode_space *space = &predecode->spaces[i];

        if (space->key == key)
            return space;
        if (space->used < oldest->used)
            oldest = space;
    }
    return oldest;
}

static void reset(struct predecode_space *space, uint64_t key)
{
    if (space->key == KEY_NONE) {
        for (unsigned i = 0; i < PREDECODE_TLB; i++)
            clear(&space->entries[i]);
        space->fetched = true;
    }
    predecode_space_drop(space);
    space->key = key;
}

void predecode_space_choose(struct predecode *predecode)
{
    uint64_t key = key_of(&predecode->env);
    uint16_t *hint;
    struct predecode_space *space;

    if (predecode->key == key)
        return;
    hint = &predecode->hints[(key ^ key >> 6 ^ key >> 32 ^ key >> 37) % PREDECODE_HINTS];
    space = &predecode->spaces[*hint];
    if (space->key != key)
        space = search(predecode, key);
    *hint = (uint16_t)(space - predecode->spaces);
    if (space->key != key)
        reset(space, key);
    space->used = ++predecode->clock;
    predecode->space = space;
    predecode->key = key;
}

/* ---- Filling ---- */

static void note_super(struct predecode_space *space, uint32_t va)
{
    space->supers = true;
    space->super[SV32_INDEX(va, 1)] = 1;
}

/* An entry of another page, or of another mapping of this page, goes. */
static void enter(struct predecode_space *space, struct predecode_entry *entry, uint32_t page,
                  uint64_t addend)
{
    bool unused = entry->load == PREDECODE_NOWHERE && entry->store == PREDECODE_NOWHERE;

    if (entry->addend != addend || (entry->load != page && entry->store != page))
        clear(entry);
    entry->addend = addend;
    if (!unused)
        return;
    if (space->fills == PREDECODE_TLB) { /* some were dropped one by one */
        for (unsigned i = 0; i < PREDECODE_TLB; i++)
            space->filled[i] = (uint16_t)i;
        return;
    }
    space->filled[space->fills++] = (uint16_t)(entry - space->entries);
}

void predecode_space_enter(struct predecode *predecode, uint32_t va, enum access access,
                           const struct sv32_walk *walk)
{
    const struct phys *phys = &predecode->engine.phys;
    struct predecode_entry *entry = predecode_entry(predecode, va);
    uint64_t offset = (walk->pa & ~(uint64_t)PAGE_MASK) - phys->base;
    uint32_t page = va & ~PAGE_MASK;

    if (offset >= phys->size)
        return;
    if (access == ACCESS_STORE && predecode->heads[offset >> PAGE_SHIFT]) /* it holds code */
        return;
    if (stops_watch_page(predecode->engine.stops, va, walk->pa, access))
        return;
    enter(predecode->space, entry, page, (uint64_t)(uintptr_t)(phys->ram + offset) - page);
    if (access == ACCESS_STORE)
        entry->store = page;
    else
        entry->load = page;
    if (walk->level)
        note_super(predecode->space, va);
}

void predecode_space_fill(struct predecode *predecode, uint32_t va, enum access access)
{
    struct sv32_space where = exec_space(&predecode->env);
    const struct predecode_entry *entry = predecode_entry(predecode, va);
    struct sv32_walk walk;

    if ((access == ACCESS_STORE ? entry->store : entry->load) != (va & ~PAGE_MASK) &&
        sv32_probe(&where, va, access, &walk) == SV32_OK)
        predecode_space_enter(predecode, va, access, &walk);
}

/* ---- Operations for the code ---- */

static void forbid_in(struct predecode_space *space, uint64_t host)
{
    for (uint32_t i = 0; i < space->fills; i++) {
        struct predecode_entry *entry = &space->entries[space->filled[i]];

        if (entry->store != PREDECODE_NOWHERE && entry->addend + entry->store == host)
            entry->store = PREDECODE_NOWHERE;
    }
}

void predecode_space_forbid(struct predecode *predecode, uint32_t page)
{
    uint64_t host =
        (uint64_t)(uintptr_t)(predecode->engine.phys.ram + ((size_t)page << PAGE_SHIFT));

    for (uint32_t i = 0; i < predecode->space_count; i++)
        if (predecode->spaces[i].key != KEY_NONE)
            forbid_in(&predecode->spaces[i], host);
}

static void forget_in(struct predecode_space *space, uint32_t code)
{
    for (unsigned i = 0; i < PREDECODE_FETCHES; i++)
        if (space->fetches[i].code == code)
            space->fetches[i].va = PREDECODE_NOWHERE;
}

void predecode_space_forget(struct predecode *predecode, const struct predecode_code *code)
{
    for (uint32_t i = 0; i < predecode->space_count; i++) {
        struct predecode_space *space = &predecode->spaces[i];

        if (space->key == KEY_NONE)
            continue;
        if (code)
            forget_in(space, (uint32_t)(code - predecode->codes));
        else
            clear_fetches(space);
    }
}
