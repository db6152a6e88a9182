/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * dirty.c - the dirty bitmap, by guest-physical page, and write protection of clean pages in shadow
 * entries and the pmap. A bit in the entry tells this protection from a page that is read-only for
 * another reason.
 *
 *    all dirty --dirty_take()--> clean: W withheld --a store, or others write--> dirty
 */
#include "vmm/dirty.h"

#include "vmm/assist.h"

static uint64_t page_of(const struct vm *vm, uint64_t pa)
{
    return (pa - vm->pmap.base) / PAGE_SIZE;
}

static struct gpa address_of(const struct vm *vm, uint64_t page)
{
    return (struct gpa){vm->pmap.base + page * PAGE_SIZE};
}

void dirty_note(struct vm *vm, uint64_t pa)
{
    uint64_t page = page_of(vm, pa);

    vm->dirty[page / 64] |= 1ull << page % 64;
}

/* ---- Withholding ---- */

static void withhold(struct vm *vm, uint64_t page)
{
    struct gpa gpa = address_of(vm, page);
    struct mpa mpa = pmap_lookup(&vm->pmap, gpa);

    if (!mpa.v)
        return;
    if (assist_runs(vm))
        pmap_withhold(&vm->pmap, gpa);
    else
        shadow_withhold(&vm->shadow, mpa);
}

static void give_back(struct vm *vm, uint64_t page)
{
    struct gpa gpa = address_of(vm, page);
    struct mpa mpa = pmap_lookup(&vm->pmap, gpa);

    if (!mpa.v)
        return;
    if (assist_runs(vm))
        (void)pmap_give_back(&vm->pmap, gpa);
    else
        shadow_give_back(&vm->shadow, mpa);
}

static void fill(struct vm *vm, uint64_t *bits)
{
    uint64_t pages = vm->pmap.size / PAGE_SIZE;

    memset(bits, 0xff, dirty_words(vm) * sizeof *bits);
    if (pages % 64)
        bits[pages / 64] = (1ull << pages % 64) - 1;
}

void dirty_start(struct vm *vm, uint64_t *bits)
{
    fill(vm, bits);
    vm->dirty = bits;
    vm->shadow.dirty = bits;
    vm->pmap.withholds = assist_runs(vm);
}

/* The engine need not be told of added rights (engine.h, point 5). */
void dirty_stop(struct vm *vm)
{
    if (!vm->dirty)
        return;
    vm->dirty = NULL;
    vm->shadow.dirty = NULL;
    vm->pmap.withholds = false;
    for (uint64_t page = 0; page < vm->pmap.size / PAGE_SIZE; page++)
        give_back(vm, page);
}

static uint64_t take_word(struct vm *vm, uint64_t word, uint64_t *taken)
{
    uint64_t bits = vm->dirty[word];

    vm->dirty[word] = 0;
    *taken |= bits;
    for (uint64_t rest = bits; rest; rest &= rest - 1)
        withhold(vm, word * 64 + (unsigned)__builtin_ctzll(rest));
    return (uint64_t)__builtin_popcountll(bits);
}

uint64_t dirty_take(struct vm *vm, uint64_t *taken)
{
    uint64_t count = 0;

    for (uint64_t word = 0; word < dirty_words(vm); word++)
        if (vm->dirty[word])
            count += take_word(vm, word, &taken[word]);
    if (count)
        engine_drop_all(vm->vmm->engine);
    return count;
}

/* ---- The store that finds it withheld ---- */

/* Other addresses that map the page need not trap for it again. */
static bool stored_by_shadow(struct vm *vm, const struct trap *trap)
{
    struct mpa page;

    if (!shadow_withheld(&vm->shadow, (struct gva){trap->tval}, &page))
        return false;
    dirty_note(vm, address_of(vm, allocate_info(vm->shadow.allocator, page)->place).v);
    shadow_give_back(&vm->shadow, page);
    return true;
}

/* A store by the guest, or by the CPU's walk, which sets A and D. */
static bool stored_by_second(struct vm *vm, const struct trap *trap)
{
    struct gpa gpa = {trap_gpa(trap)};

    if (!pmap_give_back(&vm->pmap, gpa))
        return false;
    dirty_note(vm, gpa.v);
    return true;
}

bool dirty_stored(struct vm *vm, const struct trap *trap)
{
    switch (trap->cause) {
    case CAUSE_STORE_PAGE_FAULT: return !assist_runs(vm) && stored_by_shadow(vm, trap);
    case CAUSE_LOAD_GUEST_PAGE_FAULT:
    case CAUSE_INSN_GUEST_PAGE_FAULT:
    case CAUSE_STORE_GUEST_PAGE_FAULT: return assist_runs(vm) && stored_by_second(vm, trap);
    default: return false;
    }
}
