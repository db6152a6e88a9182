/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * jit.c - creating and destroying the engine, and its operations other than running, which only
 * call the spaces or the code cache.
 */
#include "isa/engine/jit/jit.h"

#include <errno.h>
#include <stdlib.h>

#include "isa/engine/jit/internal.h"

#define DEFAULT_CACHE (64u << 20)
#define DEFAULT_SPACES 128u
#define MAX_SPACES 4096u
#define RAM_LIMIT (1ull << 32)

static struct jit *of(struct engine *engine)
{
    return (struct jit *)engine;
}

/*
 * To the caller a root is a page table: this drops what is cached for it under every mode and
 * ASID.
 */
static bool under_root(const struct slot *slot, uint32_t root)
{
    return slot->used && KEY_SATP(slot->key) == root;
}

static void drop_page(struct engine *engine, uint32_t root, uint32_t va)
{
    struct jit *jit = of(engine);

    for (uint32_t i = 0; i < jit->spaces_used; i++)
        if (under_root(&jit->slots[i], root))
            space_drop_page(jit, space_at(jit, i), va);
}

static void drop_root(struct engine *engine, uint32_t root)
{
    struct jit *jit = of(engine);

    for (uint32_t i = 0; i < jit->spaces_used; i++)
        if (under_root(&jit->slots[i], root))
            space_drop(jit, space_at(jit, i));
    for (uint32_t i = 0; i < EVICTED; i++)
        if (KEY_SATP(jit->evicted[i]) == root)
            jit->evicted[i] = 0;
}

static void drop_all(struct engine *engine)
{
    struct jit *jit = of(engine);

    sv32_forget(&jit->kept);
    for (uint32_t i = 0; i < jit->spaces_used; i++)
        if (jit->slots[i].used)
            space_drop(jit, space_at(jit, i));
}

static void code_changed(struct engine *engine, uint64_t pa, uint32_t len)
{
    cache_written(of(engine), pa, len);
}

/* Drop code with other stops in it, and table entries by which accesses would go unnoticed. */
static void stops_changed(struct engine *engine)
{
    struct jit *jit = of(engine);

    cache_stops_changed(jit);
    drop_all(engine);
    jit->planted &= engine->stops && engine->stops->watch_count;
}

/* Stores made by isa/exec and by the walk. */
static void wrote(struct phys *phys, uint64_t pa, uint32_t len)
{
    cache_written(phys->owner, pa, len);
}

/* No set_space: the space is looked up when a hart next runs. */
static const struct engine_ops jit_ops = {
    .name = "jit",
    .abilities = ENGINE_NATIVE | ENGINE_SECOND_STAGE | ENGINE_IN_PLACE,
    .run = run_hart,
    .drop_page = drop_page,
    .drop_root = drop_root,
    .drop_all = drop_all,
    .code_changed = code_changed,
    .stops_changed = stops_changed,
};

static void set_options(struct jit *jit, const struct jit_options *options)
{
    if (options)
        jit->options = *options;
    if (!jit->options.cache_bytes)
        jit->options.cache_bytes = DEFAULT_CACHE;
    if (!jit->options.spaces)
        jit->options.spaces = DEFAULT_SPACES;
    if (jit->options.spaces > MAX_SPACES)
        jit->options.spaces = MAX_SPACES;
}

static enum jit_error allocate(struct jit *jit)
{
    jit->spec = malloc(sizeof *jit->spec);
    if (!jit->spec || !space_init(jit) || !writers_init(jit))
        return JIT_NO_MEMORY;
    spec_init(jit->spec, jit->engine.phys.ram, jit->engine.phys.base, jit->engine.phys.size);
    return cache_init(jit);
}

enum jit_error jit_create(uint8_t *ram, uint64_t base, uint64_t size,
                          const struct jit_options *options, struct jit **out)
{
    enum jit_error error;
    struct jit *jit;

    if (!size || size % PAGE_SIZE || base % PAGE_SIZE || size > RAM_LIMIT)
        return JIT_BAD_RAM;
    jit = calloc(1, sizeof *jit);
    if (!jit)
        return JIT_NO_MEMORY;
    jit->engine.ops = &jit_ops;
    jit->engine.phys =
        (struct phys){.ram = ram, .base = base, .size = size, .wrote = wrote, .owner = jit};
    jit->env.kept = &jit->kept;
    set_options(jit, options);
    error = allocate(jit);
    if (error != JIT_OK) {
        int why = errno; /* the host's error, for the message to the user */

        jit_destroy(jit);
        errno = why;
        return error;
    }
    trampoline_make(jit);
    jit->options.window_at_once = jit->options.window_at_once && window_ready(jit);
    *out = jit;
    return JIT_OK;
}

void jit_destroy(struct jit *jit)
{
    if (!jit)
        return;
    cache_destroy(jit);
    writers_destroy(jit);
    space_destroy(jit);
    free(jit->spec);
    free(jit);
}

void jit_tell(struct jit *jit, void (*translated)(void *owner, const struct jit_block *block),
              void (*marked)(void *owner, const struct jit_mark *mark), void *owner)
{
    jit->options.translated = translated;
    jit->options.marked = marked;
    jit->options.owner = owner;
}

bool jit_translate(struct jit *jit, uint64_t pa, uint32_t va, bool in_place)
{
    struct view *view;

    if (pa - jit->engine.phys.base >= jit->engine.phys.size || (pa ^ va) & PAGE_MASK || va & 1)
        return false;
    if (!jit->space)
        space_choose(jit, 0);
    if (!cache_room(jit))
        cache_flush(jit);
    view = cache_view(jit, pa, va, in_place);
    if (view->entry[(va & PAGE_MASK) / 2])
        return false;
    jit->second.id = 0;
    (void)translate(jit, view, va);
    return true;
}

struct jit_code jit_code(const struct jit *jit)
{
    return (struct jit_code){jit->cache.execute, jit->cache.start, jit->cache.used};
}

struct engine *jit_engine(struct jit *jit)
{
    return &jit->engine;
}

const struct jit_stats *jit_stats(const struct jit *jit)
{
    return &jit->stats;
}

void jit_each_block(struct jit *jit, void (*each)(void *owner, const struct jit_block *block),
                    void *owner)
{
    for (uint32_t i = 0; i < jit->cache.block_count; i++) {
        struct jit_block block = cache_describe(jit, &jit->cache.blocks[i]);

        each(owner, &block);
    }
}
