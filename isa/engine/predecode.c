/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * predecode.c - making the engine in the memory it is given, and its operations other than running,
 * which only call the spaces or the code.
 */
#include "isa/engine/predecode.h"

#define SPACES 32u
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

static void drop_page(struct engine *engine, uint32_t root, uint32_t va)
{
    struct predecode *predecode = of(engine);

    for (uint32_t i = 0; i < predecode->space_count; i++)
        if (under_root(&predecode->spaces[i], root))
            predecode_space_drop_page(&predecode->spaces[i], va);
}

static void drop_root(struct engine *engine, uint32_t root)
{
    struct predecode *predecode = of(engine);

    for (uint32_t i = 0; i < predecode->space_count; i++)
        if (under_root(&predecode->spaces[i], root))
            predecode_space_drop(&predecode->spaces[i]);
}

static void drop_all(struct engine *engine)
{
    struct predecode *predecode = of(engine);

    for (uint32_t i = 0; i < predecode->space_count; i++)
        if (predecode->spaces[i].key != KEY_NONE)
            predecode_space_drop(&predecode->spaces[i]);
}

static void code_changed(struct engine *engine, uint64_t pa, uint32_t len)
{
    predecode_code_written(of(engine), pa, len);
}

/* Stores made by isa/exec and by the walk. */
static void wrote(struct phys *phys, uint64_t pa, uint32_t len)
{
    predecode_code_written(phys->owner, pa, len);
}

/* No set_space: the space is looked up when a hart next runs. */
const struct engine_ops predecode_ops = {
    .name = "predecode",
    .abilities = ENGINE_NATIVE | ENGINE_SECOND_STAGE | ENGINE_IN_PLACE,
    .run = predecode_run,
    .drop_page = drop_page,
    .drop_root = drop_root,
    .drop_all = drop_all,
    .code_changed = code_changed,
};

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

struct predecode *predecode_init(void *memory, uint8_t *ram, uint64_t base, uint64_t size,
                                 const struct predecode_options *options)
{
    struct predecode *predecode = memory;

    predecode->engine.ops = &predecode_ops;
    predecode->engine.phys =
        (struct phys){.ram = ram, .base = base, .size = size, .wrote = wrote};
    predecode->engine.phys.owner = predecode;
    predecode->space_count = spaces_of(options);
    predecode->code_limit = pages_of(options);
    predecode->spaces = (struct predecode_space *)(predecode + 1);
    predecode->codes = (struct predecode_code *)(predecode->spaces + predecode->space_count);
    predecode->heads = (uint32_t *)(predecode->codes + predecode->code_limit);
    predecode->key = KEY_NONE;
    for (uint32_t i = 0; i < predecode->space_count; i++)
        predecode->spaces[i].key = KEY_NONE;
    return predecode;
}
