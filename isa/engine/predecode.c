/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * predecode.c - making the engine in the memory it is given, and its operations other than running,
 * which only call the spaces or the code.
 */
#include "isa/engine/predecode.h"

#include "isa/engine/stops.h"

#define SPACES 72u
#define CODES 512u

static struct predecode *of(struct engine *engine)
{
    return (struct predecode *)engine;
}

/* To the caller a root is a page table: under every mode and ASID. */
static bool under_root(const struct predecode_space *space, uint32_t root)
{
    return space->key != KEY_NONE && KEY_SATP(space->key) == root;
}

void predecode_drop_page(struct engine *engine, uint32_t root, uint32_t va)
{
    struct predecode *predecode = of(engine);

    for (uint32_t i = 0; i < predecode->space_count; i++)
        if (under_root(&predecode->spaces[i], root))
            predecode_space_drop_page(&predecode->spaces[i], va);
}

void predecode_drop_root(struct engine *engine, uint32_t root)
{
    struct predecode *predecode = of(engine);

    for (uint32_t i = 0; i < predecode->space_count; i++)
        if (under_root(&predecode->spaces[i], root))
            predecode_space_drop(&predecode->spaces[i]);
}

void predecode_drop_all(struct engine *engine)
{
    struct predecode *predecode = of(engine);

    for (uint32_t i = 0; i < predecode->space_count; i++)
        if (predecode->spaces[i].key != KEY_NONE)
            predecode_space_drop(&predecode->spaces[i]);
}

void predecode_code_changed(struct engine *engine, uint64_t pa, uint32_t len)
{
    predecode_code_written(of(engine), pa, len);
}

/* Entries of pages that are watched now go. */
void predecode_stops_changed(struct engine *engine)
{
    predecode_code_mark_stops(of(engine));
    if (engine->stops && engine->stops->watch_count)
        predecode_drop_all(engine);
}

/* Stores made by isa/exec and by the walk. */
static void wrote(struct phys *phys, uint64_t pa, uint32_t len)
{
    predecode_code_written(phys->owner, pa, len);
}

/* No set_space: the space is looked up when a hart next runs. */
static const struct engine_ops predecode_ops = PREDECODE_OPS("predecode");

/* ---- Making ---- */

static uint32_t spaces_of(const struct predecode_options *options)
{
    return options && options->spaces ? options->spaces : SPACES;
}

static uint32_t pages_of(const struct predecode_options *options)
{
    return options && options->pages ? options->pages : CODES;
}

/* In this order: what comes first is aligned most. */
size_t predecode_size(uint64_t ram_size, const struct predecode_options *options)
{
    return sizeof(struct predecode) + spaces_of(options) * sizeof(struct predecode_space) +
           pages_of(options) * sizeof(struct predecode_code) +
           (size_t)(ram_size >> PAGE_SHIFT) * sizeof(uint32_t);
}

void predecode_set_up(struct predecode *predecode, void *room, uint8_t *ram, uint64_t base,
                      uint64_t size, const struct predecode_options *options)
{
    predecode->engine.ops = &predecode_ops;
    predecode->engine.phys =
        (struct phys){.ram = ram, .base = base, .size = size, .wrote = wrote};
    predecode->engine.phys.owner = predecode;
    predecode->space_count = spaces_of(options);
    predecode->code_limit = pages_of(options);
    predecode->spaces = room;
    predecode->codes = (struct predecode_code *)(predecode->spaces + predecode->space_count);
    predecode->heads = (uint32_t *)(predecode->codes + predecode->code_limit);
    predecode->key = KEY_NONE;
    for (uint32_t i = 0; i < predecode->space_count; i++)
        predecode->spaces[i].key = KEY_NONE;
}

struct predecode *predecode_init(void *memory, uint8_t *ram, uint64_t base, uint64_t size,
                                 const struct predecode_options *options)
{
    struct predecode *predecode = memory;

    predecode_set_up(predecode, predecode + 1, ram, base, size, options);
    return predecode;
}
