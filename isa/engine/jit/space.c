/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * space.c - address spaces: the tables that translated code reads instead of walking page
 * tables, one set for each (root, mode, SUM, MXR) of late. Filled by the walk in isa/sv32.c;
 * switching spaces drops nothing. Which code a view holds is cache.c's.
 */
#include <sys/mman.h>

#include "isa/engine/jit/internal.h"

static uint32_t page_number(uint32_t va)
{
    return va >> PAGE_SHIFT;
}

static void clear_jumps(struct space *space)
{
    for (unsigned i = 0; i < JUMPS; i++)
        space->jump[i].va = JUMP_NONE;
}

bool space_init(struct jit *jit)
{
    size_t bytes = sizeof(struct space) * jit->options.spaces;
    void *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

    if (memory == MAP_FAILED)
        return false;
    /* The tables are sparse: a huge page would make each touch cost 2 MiB. */
    (void)madvise(memory, bytes, MADV_NOHUGEPAGE);
    jit->spaces = memory;
    jit->space_count = jit->options.spaces;
    return true;
}

void space_destroy(struct jit *jit)
{
    if (jit->spaces)
        (void)munmap(jit->spaces, sizeof(struct space) * jit->space_count);
}

/* ---- Dropping ---- */

void space_drop(struct space *space)
{
    for (uint32_t i = 0; i < space->fills; i++) {
        space->load[space->filled[i]] = 0;
        space->store[space->filled[i]] = 0;
    }
    space->fills = 0;
    if (space->fetches)
        clear_jumps(space);
    for (uint32_t i = 0; i < space->fetches; i++)
        space->fetch[space->fetched[i]] = 0;
    space->fetches = 0;
    memset(space->super, 0, sizeof space->super);
}

/* Forget every jump into a page; they lie in one run of slots. */
static void drop_jumps(struct space *space, uint32_t va)
{
    struct jump_entry *first = space_jump(space, va & ~PAGE_MASK);

    for (unsigned i = 0; i < PAGE_SLOTS; i++)
        if (page_number(first[i].va) == page_number(va))
            first[i].va = JUMP_NONE;
}

static void drop_one(struct space *space, uint32_t page)
{
    space->load[page] = 0;
    space->store[page] = 0;
    if (space->fetch[page]) {
        space->fetch[page] = 0;
        drop_jumps(space, page << PAGE_SHIFT);
    }
}

/* One entry of the guest's may have become many of ours. */
void space_drop_page(struct space *space, uint32_t va)
{
    uint32_t region = SV32_INDEX(va, 1);

    if (!space->super[region]) {
        drop_one(space, page_number(va));
        return;
    }
    for (uint32_t i = 0; i < SV32_ENTRIES; i++)
        drop_one(space, region * SV32_ENTRIES + i);
    space->super[region] = 0;
}

/* ---- Choosing ---- */

static bool same_key(const struct space_key *a, const struct space_key *b)
{
    return a->satp == b->satp && a->mode == b->mode && a->sum == b->sum && a->mxr == b->mxr &&
           a->deprivileged == b->deprivileged;
}

static void reset_space(struct space *space, const struct space_key *key)
{
    if (space->used)
        space_drop(space);
    else
        clear_jumps(space);
    space->key = *key;
}

struct space *space_find(struct jit *jit, const struct space_key *key)
{
    struct space *found = &jit->spaces[0];

    for (uint32_t i = 0; i < jit->space_count; i++) {
        struct space *space = &jit->spaces[i];

        if (space->used && same_key(&space->key, key)) {
            space->used = ++jit->clock;
            return space;
        }
        if (space->used < found->used)
            found = space;
    }
    reset_space(found, key);
    found->used = ++jit->clock;
    return found;
}

/* ---- Filling ---- */

static void enter_page(struct space *space, uint64_t *table, uint32_t page, uint64_t addend)
{
    if (space->fills == FILLS)
        space_drop(space);
    if (!space->load[page] && !space->store[page])
        space->filled[space->fills++] = page;
    table[page] = addend;
}

void space_fill(struct jit *jit, uint32_t va, enum access access)
{
    struct sv32_space where = exec_space(&jit->env);
    struct phys *phys = &jit->engine.phys;
    struct space *space = jit->space;
    struct sv32_walk walk;
    uint64_t addend;

    if (sv32_probe(&where, va, access, &walk) != SV32_OK || walk.pa - phys->base >= phys->size)
        return;
    if (access == ACCESS_STORE) {
        if (cache_holds(jit, walk.pa))
            return;
        jit->cache.stored[cache_page(jit, walk.pa)] = 1;
    }
    addend = (uint64_t)(uintptr_t)(phys->ram + (walk.pa - phys->base)) - va;
    jit->stats.fills++;
    enter_page(space, access == ACCESS_STORE ? space->store : space->load, page_number(va),
               addend);
    if (walk.level)
        space->super[SV32_INDEX(va, 1)] = 1;
}

void space_set_view(struct space *space, uint32_t va, const struct view *view, bool super)
{
    uint32_t *slot = &space->fetch[page_number(va)];

    if (*slot == view->id)
        return;
    if (*slot)
        drop_jumps(space, va);
    if (space->fetches == FILLS)
        space_drop(space);
    if (!*slot)
        space->fetched[space->fetches++] = page_number(va);
    *slot = view->id;
    if (super)
        space->super[SV32_INDEX(va, 1)] = 1;
}

/* ---- What the cache of code asks for ---- */

static void forbid_in(struct space *space, uint64_t host_page)
{
    for (uint32_t i = 0; i < space->fills; i++) {
        uint32_t page = space->filled[i];

        if (space->store[page] + ((uint64_t)page << PAGE_SHIFT) == host_page)
            space->store[page] = 0;
    }
}

void space_forbid_stores(struct jit *jit, uint64_t pa)
{
    const struct phys *phys = &jit->engine.phys;
    uint64_t host =
        (uint64_t)(uintptr_t)(phys->ram + ((pa & ~(uint64_t)PAGE_MASK) - phys->base));
    uint8_t *stored = &jit->cache.stored[cache_page(jit, pa)];

    if (!*stored)
        return;
    *stored = 0;
    for (uint32_t i = 0; i < jit->space_count; i++)
        forbid_in(&jit->spaces[i], host);
}

void space_forget_view(struct jit *jit, const struct view *view)
{
    for (uint32_t i = 0; i < jit->space_count; i++) {
        struct space *space = &jit->spaces[i];

        if (space->used && space->fetch[page_number(view->va)] == view->id) {
            space->fetch[page_number(view->va)] = 0;
            drop_jumps(space, view->va);
        }
    }
}

void space_forget_code(struct jit *jit)
{
    for (uint32_t i = 0; i < jit->space_count; i++) {
        struct space *space = &jit->spaces[i];

        for (uint32_t k = 0; k < space->fetches; k++)
            space->fetch[space->fetched[k]] = 0;
        if (space->fetches)
            clear_jumps(space);
        space->fetches = 0;
    }
}
