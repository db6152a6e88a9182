/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * levels.c - finds the machines that are inside each other, by the guide that each type 1 keeps
 * for debuggers (vmm/type1/guide.h): which of them run, and by what trap the others were left.
 *
 * The hart's registers are those of the innermost level that is entered: if a level's hart is in
 * user mode and runs a VM, they are that VM's. The registers of a level that is not entered are in
 * the memory of the monitor below: in the page by which it was entered, or in its struct hart.
 */
#include "tools/debug/levels.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "isa/csr.h"
#include "isa/engine/cpu/page.h"
#include "isa/nested.h"
#include "tools/debug/memory.h"

/* ---- Memory of a level: through the pmaps of all below ---- */

static bool read_level(const struct levels *levels, unsigned level, uint64_t pa, void *to,
                       uint32_t len)
{
    struct phys eyes = levels->of[level].eyes;

    return debug_look_gpa(&eyes, pa, to, len);
}

bool levels_below(const struct levels *levels, unsigned level, uint64_t *pa)
{
    const struct level *own = &levels->of[level];
    uint32_t leaf, page;
    struct mpa mpa;

    if (*pa - own->ram_base >= own->ram_size)
        return false;
    if (level == 1) {
        mpa = pmap_lookup(&levels->vm->pmap, (struct gpa){*pa});
        *pa = mpa.v;
        return mpa.v;
    }
    if (!read_level(levels, level - 1, own->root + 4ull * SV32X4_INDEX_ROOT(*pa), &leaf, 4) ||
        !(leaf & PTE_V) ||
        !read_level(levels, level - 1,
                    ((uint64_t)PTE_PPN(leaf) << PAGE_SHIFT) + 4 * SV32_INDEX((uint32_t)*pa, 0),
                    &page, 4) ||
        !(page & PTE_V))
        return false;
    *pa = (uint64_t)PTE_PPN(page) << PAGE_SHIFT | (*pa & PAGE_MASK);
    return true;
}

/* Used only for reading; struct phys has no read-only variant. */
static uint8_t *look_page(struct phys *phys, uint64_t pa, bool store)
{
    const struct level *level = phys->owner;
    struct phys vm = debug_eyes(level->all->vm);

    if (store)
        return NULL;
    for (unsigned number = level->number; number > 1; number--) {
        const struct level *own = &level->all->of[number];

        if (pa - own->ram_base >= own->ram_size)
            return NULL;
        if (!levels_below(level->all, number, &pa))
            return (uint8_t *)(uintptr_t)debug_untouched;
    }
    return phys_host(&vm, pa, false);
}

/* ---- Finding them ---- */

static void read_name(const struct levels *levels, unsigned level, uint32_t at,
                      char name[LEVELS_NAME])
{
    unsigned len = 0;

    while (len < LEVELS_NAME - 1 &&
           read_level(levels, level, (uint64_t)at + len, &name[len], 1) && name[len]) {
        if (name[len] < ' ' || name[len] > '~')
            name[len] = '?';
        len++;
    }
    name[len] = '\0';
}

/* Where the state of a guest that is not on the CPU is kept. */
struct parked {
    struct nested nested;
    bool accelerated, away;
};

static bool read_parked(const struct levels *levels, unsigned level, struct parked *parked)
{
    const struct level *own = &levels->of[level];
    struct nested *nested = &parked->nested;
    uint32_t enter, save;
    uint8_t away;

    if (!read_level(levels, level, own->guide.enter, &enter, sizeof enter) ||
        !read_level(levels, level, own->guide.away, &away, sizeof away))
        return false;
    parked->accelerated = enter;
    parked->away = away;
    if (enter)
        return read_level(levels, level, own->guide.page, nested, sizeof *nested);
    nested->cause = own->hart.scause;
    nested->tval = own->hart.stval;
    nested->pc = own->hart.sepc;
    return read_level(levels, level, own->guide.save, &save, sizeof save) &&
           read_level(levels, level, save, nested->x, sizeof nested->x) &&
           read_level(levels, level, (uint64_t)save + CPU_GUEST_SATP, &nested->satp,
                      sizeof nested->satp);
}

/*
 * Where the firmware relays, the hart that the monitor keeps is the one of when it called: since
 * then its guest may have entered a guest of its own, or left it. The monitor hears of it some
 * instructions after its call has returned, and then names no memory any more.
 */
static void follow_relay(const struct levels *levels, unsigned level, struct hart *above)
{
    struct parked parked;

    if (!read_parked(levels, level, &parked) || !parked.accelerated ||
        !parked.nested.relay.inner)
        return;
    above->mode = parked.nested.relay.inside ? HART_USER : HART_SUPERVISOR;
    above->satp = parked.nested.relay.satps[parked.nested.relay.inside & 1];
}

/* Has the way out of type 1 saved no more than t0 to t5, at `at` bytes behind the vector? */
static bool is_on_the_way(uint32_t at)
{
    return at < CPU_NEAR_SAVED || (at >= CPU_NEAR_STUBS && at < CPU_NEAR_END);
}

/* Right after a trap (near.S): those of the registers that are still on the hart. */
static void take_unsaved(const struct hart *on, uint32_t x[32])
{
    static const uint8_t first[] = {5, 6, 7, 28, 29, 30};
    uint32_t at = on->pc - on->stvec, saved[32];
    bool trampoline = on->stvec >= CPU_REACH;

    if (trampoline ? at != 0 : !is_on_the_way(at))
        return;
    memcpy(saved, x, sizeof saved);
    memcpy(x, on->x, sizeof on->x);
    for (unsigned i = 0; i < sizeof first; i++)
        if (at > CPU_NEAR_FIRST + 4 * i)
            x[first[i]] = saved[first[i]];
    if (at && at != CPU_NEAR_SRET)
        x[10] = on->sscratch;
}

/* Finds the registers of the level above, and the trap by which it left, if it was ever entered. */
static void find_world(struct levels *levels, unsigned level)
{
    const struct level *own = &levels->of[level];
    struct level *above = &levels->of[level + 1];
    struct parked parked;

    above->shadow = own->hart.satp;
    follow_relay(levels, level, &above->hart);
    if (own->hart.mode == HART_USER) {
        memcpy(above->hart.x, own->hart.x, sizeof own->hart.x);
        above->hart.pc = own->hart.pc;
        return;
    }
    if (!read_parked(levels, level, &parked))
        return;
    above->shadow = parked.nested.satp;
    above->left = parked.nested.cause || parked.nested.pc;
    above->left_to = level;
    above->trap = (struct trap){.cause = parked.nested.cause, .tval = parked.nested.tval};
    if (!parked.away)
        return;
    if (!parked.accelerated)
        take_unsaved(&own->hart, parked.nested.x);
    parked.nested.x[0] = 0;
    memcpy(above->hart.x, parked.nested.x, sizeof above->hart.x);
    above->hart.pc = parked.nested.pc;
}

/* Finds the VM that this level runs. False: the level is not type 1, or runs none. */
static bool find_above(struct levels *levels, unsigned level, const struct symbols *kernel)
{
    const struct symbol *symbol = symbols_named(kernel, GUIDE_SYMBOL, sizeof GUIDE_SYMBOL - 1);
    struct level *own = &levels->of[level], *above = own + 1;
    struct guide *guide = &own->guide;
    uint32_t vm, name, hart;

    if (level == LEVELS_MOST || !symbol ||
        !read_level(levels, level, symbol->address, guide, sizeof *guide) ||
        guide->magic != GUIDE_MAGIC) {
        guide->magic = 0;
        return false;
    }
    if (!read_level(levels, level, guide->current, &vm, sizeof vm) || !vm ||
        !read_level(levels, level, (uint64_t)vm + guide->root, &above->root, 4) ||
        !read_level(levels, level, (uint64_t)vm + guide->ram_base, &above->ram_base, 8) ||
        !read_level(levels, level, (uint64_t)vm + guide->ram_size, &above->ram_size, 8) ||
        !read_level(levels, level, (uint64_t)vm + guide->name, &name, sizeof name) ||
        !read_level(levels, level, (uint64_t)vm + guide->hart, &hart, sizeof hart) ||
        !read_level(levels, level, hart, &above->hart, sizeof above->hart))
        return false;
    above->hart.x[0] = 0;
    read_name(levels, level, name, above->name);
    return true;
}

/* From `level` on, each of which has entered the next: the last one. */
static unsigned innermost(const struct levels *levels, unsigned level)
{
    while (level < levels->count && levels->of[level].hart.mode == HART_USER)
        level++;
    return level;
}

/* If several levels have entered each other, the innermost of them is the one that trapped. */
static void find_traps(struct levels *levels)
{
    unsigned first, last = levels->running = innermost(levels, 1);

    for (; last < levels->count; last = innermost(levels, first)) {
        struct level *entered = &levels->of[last + 1], *trapped;

        first = last + 1;
        trapped = &levels->of[innermost(levels, first)];
        if (trapped == entered)
            continue;
        trapped->left = entered->left;
        trapped->left_to = entered->left_to;
        trapped->trap = entered->trap;
        entered->left = false;
    }
}

void levels_find(struct levels *levels, struct vm *vm, const struct hart *hart,
                 const struct symbols *kernel)
{
    struct level *first = &levels->of[1];

    memset(levels, 0, sizeof *levels);
    levels->vm = vm;
    levels->count = 1;
    for (unsigned level = 1; level <= LEVELS_MOST; level++) {
        levels->of[level].all = levels;
        levels->of[level].number = level;
        levels->of[level].eyes = (struct phys){.page = look_page, .owner = &levels->of[level]};
    }
    first->hart = *hart;
    first->root = vm->pmap.root.v;
    first->ram_base = vm->pmap.base;
    first->ram_size = vm->pmap.size;
    (void)!snprintf(first->name, sizeof first->name, "%s", vm->config.name);
    while (find_above(levels, levels->count, kernel)) {
        find_world(levels, levels->count);
        levels->count++;
    }
    find_traps(levels);
}

/* ---- Telling ---- */

bool levels_is_monitor(const struct levels *levels, unsigned level)
{
    return levels->of[level].guide.magic == GUIDE_MAGIC;
}

const char *levels_state(const struct levels *levels, unsigned level, char text[LEVELS_TEXT])
{
    const struct level *own = &levels->of[level];

    if (level == levels->running)
        (void)!snprintf(text, LEVELS_TEXT, "runs");
    else if (own->left)
        (void)!snprintf(text, LEVELS_TEXT, "trapped to level %u: %s, 0x%" PRIx32, own->left_to,
                        trace_cause_name(own->trap.cause), own->trap.tval);
    else if (level < levels->count && own->hart.mode == HART_USER)
        (void)!snprintf(text, LEVELS_TEXT, "has entered level %u", level + 1);
    else
        (void)!snprintf(text, LEVELS_TEXT, "has not been entered");
    return text;
}
