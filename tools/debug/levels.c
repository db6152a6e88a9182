/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * levels.c - machines inside each other, where the selected VM runs type 1: what each monitor knows
 * of the machine above it, read from its memory. Level 0 is this monitor; the VM is level 1.
 *
 * The registers of the hart are those of the highest level that is entered: where a level's hart is
 * in user mode and runs a VM, that VM's. All that a guest says is hostile: it is only ever shown.
 */
#include <inttypes.h>

#include "isa/csr.h"
#include "isa/nested.h"
#include "tools/base/base.h"
#include "tools/debug/commands.h"
#include "tools/debug/memory.h"
#include "tools/debug/say.h"
#include "vmm/type1/guide.h"

#define LEVELS_MOST 8u
#define NAME_MOST 32u

struct level {
    char name[NAME_MOST];
    struct hart hart;   /* as the monitor below knows it: if it runs, but for x and pc */
    uint32_t root;      /* of its pmap, in the memory of the level below */
    struct guide guide; /* of the type 1 that it runs; magic 0: it runs something else */
    bool left;          /* it has trapped... */
    unsigned left_to;   /* ...to this level... */
    struct trap trap;   /* ...by this... */
    uint32_t pc;        /* ...there */
};

struct levels {
    struct debug *debug;
    struct level of[LEVELS_MOST + 1];
    unsigned count;   /* the highest */
    unsigned running; /* whose registers are on the hart */
};

/* ---- Memory of a level: through the pmaps of all below ---- */

static bool read_word(const struct levels *levels, unsigned level, uint64_t pa, uint32_t *word);

/* Of level `level` > 1: the address in the level below. */
static bool translate(const struct levels *levels, unsigned level, uint64_t *pa)
{
    uint32_t leaf, page;
    uint64_t root = levels->of[level].root + 4ull * SV32X4_INDEX_ROOT(*pa);

    if (!read_word(levels, level - 1, root, &leaf) || !(leaf & PTE_V))
        return false;
    root = ((uint64_t)PTE_PPN(leaf) << PAGE_SHIFT) + 4 * SV32_INDEX((uint32_t)*pa, 0);
    if (!read_word(levels, level - 1, root, &page) || !(page & PTE_V))
        return false;
    *pa = (uint64_t)PTE_PPN(page) << PAGE_SHIFT | (*pa & PAGE_MASK);
    return true;
}

/* A word lies in one page. */
static bool read_word(const struct levels *levels, unsigned level, uint64_t pa, uint32_t *word)
{
    for (pa &= ~3ull; level > 1; level--)
        if (!translate(levels, level, &pa))
            return false;
    return debug_read_gpa(debug_vm(levels->debug), pa, word, sizeof *word);
}

static bool read_words(const struct levels *levels, unsigned level, uint32_t pa, void *to,
                       size_t len)
{
    for (size_t at = 0; at < len; at += 4) {
        uint32_t word;

        if (!read_word(levels, level, (uint64_t)pa + at, &word))
            return false;
        memcpy((uint8_t *)to + at, &word, len - at < 4 ? len - at : 4);
    }
    return true;
}

/* ---- Finding them ---- */

static void read_name(const struct levels *levels, unsigned level, uint32_t at, char *name)
{
    char words[NAME_MOST + 4] = "";

    if (!read_words(levels, level, at & ~3u, words, sizeof words))
        words[0] = '\0';
    memcpy(name, words + (at & 3), NAME_MOST);
    name[NAME_MOST - 1] = '\0';
    for (char *c = name; *c; c++)
        if (*c < ' ' || *c > '~')
            *c = '?';
}

/* How the machine above, or one that it has entered, has left. False: none has been entered. */
static bool read_trap(const struct levels *levels, unsigned level, struct level *above)
{
    const struct level *own = &levels->of[level];
    struct nested nested;
    uint32_t enter;

    if (!read_words(levels, level, own->guide.enter, &enter, sizeof enter) ||
        !read_words(levels, level, own->guide.nested, &nested, sizeof nested))
        return false;
    above->trap = (struct trap){.cause = nested.cause, .tval = nested.tval};
    above->pc = nested.pc;
    if (!enter) {
        above->trap = (struct trap){.cause = own->hart.scause, .tval = own->hart.stval};
        above->pc = own->hart.sepc;
    }
    return above->trap.cause || above->pc;
}

/* The VM that the type 1 of this level runs, if it is type 1, and does. */
static bool find_above(struct levels *levels, unsigned level)
{
    const struct symbol *symbol =
        symbols_named(debug_symbols(levels->debug), GUIDE_SYMBOL, sizeof GUIDE_SYMBOL - 1);
    struct level *own = &levels->of[level], *above = own + 1;
    struct guide *guide = &own->guide;
    uint32_t vm, name, hart;

    if (level == LEVELS_MOST || !symbol ||
        !read_words(levels, level, symbol->address, guide, sizeof *guide) ||
        guide->magic != GUIDE_MAGIC ||
        !read_words(levels, level, guide->current, &vm, sizeof vm) || !vm ||
        !read_words(levels, level, vm + guide->root, &above->root, sizeof above->root) ||
        !read_words(levels, level, vm + guide->name, &name, sizeof name) ||
        !read_words(levels, level, vm + guide->hart, &hart, sizeof hart) ||
        !read_words(levels, level, hart, &above->hart, sizeof above->hart))
        return false;
    read_name(levels, level, name, above->name);
    return true;
}

/* Whose registers are on the hart of `level`: its own, or those of one that it has entered. */
static unsigned innermost(const struct levels *levels, unsigned level)
{
    while (level < levels->count && levels->of[level].hart.mode == HART_USER)
        level++;
    return level;
}

/* A chain of levels that have entered the next has one pc: of the last, which runs, or trapped. */
static void find_chains(struct levels *levels)
{
    unsigned first = 1, last = innermost(levels, 1);

    levels->running = last;
    while (last < levels->count) {
        struct level *above;

        first = last + 1;
        above = &levels->of[innermost(levels, first)];
        above->left = read_trap(levels, last, above);
        above->left_to = last;
        last = innermost(levels, first);
        for (unsigned level = first; above->left && level <= last; level++)
            levels->of[level].hart.pc = above->pc;
    }
    for (unsigned level = 2; level <= levels->running; level++)
        levels->of[level].hart.pc = levels->of[1].hart.pc;
}

static void find_all(struct levels *levels)
{
    unsigned level = 1;

    levels->of[1].hart = *debug_hart(levels->debug);
    (void)!snprintf(levels->of[1].name, NAME_MOST, "%s", debug_vm(levels->debug)->config.name);
    while (find_above(levels, level))
        level++;
    levels->count = level;
    find_chains(levels);
}

/* ---- Telling ---- */

/* All levels of type 1 run the same program, at the same addresses. */
static const char *name_of(const struct levels *levels, const struct level *level,
                           char text[DEBUG_NAME])
{
    text[0] = '\0';
    if (level->guide.magic != GUIDE_MAGIC || level->hart.mode != HART_SUPERVISOR)
        return text;
    return debug_name(levels->debug, levels->debug->vm, HART_SUPERVISOR, level->hart.pc, text);
}

static void tell_state(const struct levels *levels, unsigned level, char *text, size_t size)
{
    const struct level *own = &levels->of[level];

    if (level == levels->running)
        (void)!snprintf(text, size, "runs");
    else if (own->left)
        (void)!snprintf(text, size, "trapped to level %u: %s, 0x%" PRIx32, own->left_to,
                        trace_cause_name(own->trap.cause), own->trap.tval);
    else if (level < levels->count && own->hart.mode == HART_USER)
        (void)!snprintf(text, size, "has entered level %u", level + 1);
    else
        (void)!snprintf(text, size, "has not been entered");
}

static void add_row(const struct levels *levels, unsigned level, struct table *table,
                    json_t *list)
{
    const struct level *own = &levels->of[level];
    char name[DEBUG_NAME], state[80];
    json_t *row = json_object();

    tell_state(levels, level, state, sizeof state);
    table_add(table, "%u\t%s\t%s\t0x%08" PRIx32 "%s\t%s", level, own->name,
              debug_mode(own->hart.mode), own->hart.pc, name_of(levels, own, name), state);
    json_put_number(row, "level", level);
    json_put_text(row, "name", own->name);
    json_put_text(row, "mode", debug_mode(own->hart.mode));
    json_put_number(row, "pc", own->hart.pc);
    json_put_text(row, "state", state);
    (void)json_array_append_new(list, row);
}

enum pz_err debug_levels(struct debug *debug, const char *words, struct problem *problem)
{
    struct levels levels = {.debug = debug};
    struct table table;
    json_t *list;

    if (*words)
        return problem_set(problem, PZ_USAGE, "levels takes no words");
    find_all(&levels);
    list = json_array();
    table_init(&table, "rllll");
    for (unsigned level = 1; level <= levels.count; level++)
        add_row(&levels, level, &table, list);
    table_print(&table, debug->out, 0, 0);
    if (levels.count == 1)
        fputs("this VM has no VMs: its kernel is not type1.elf, or it has none yet\n",
              debug->out);
    json_put(debug->data, "levels", list);
    return PZ_OK;
}
