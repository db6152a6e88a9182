/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * engines.c - the table of engines. To add one: a pair of functions, and a row behind the macro
 * that says whether the build has it.
 */
#define _GNU_SOURCE
#include "tests/support/engines.h"

#include <stdio.h>
#include <stdlib.h>

#include <sys/mman.h>

#include "isa/engine/predecode.h"
#include "isa/engine/spec.h"
#include "isa/engine/wasm/wasm.h"
#include "tests/support/relay.h"
#if PZ_HAVE_JIT
#include "isa/engine/jit/jit.h"
#endif
#if PZ_HAVE_UNICORN
#include "isa/engine/unicorn.h"
#endif

static struct engine *create_spec(uint8_t *ram, uint64_t size)
{
    struct spec *spec = malloc(sizeof *spec);

    if (!spec)
        return NULL;
    spec_init(spec, ram, 0, size);
    return &spec->engine;
}

static void destroy_spec(struct engine *engine)
{
    free(engine);
}

static struct engine *make_predecode(uint8_t *ram, uint64_t size,
                                     const struct predecode_options *options)
{
    void *memory = calloc(1, predecode_size(size, options));

    return memory ? &predecode_init(memory, ram, 0, size, options)->engine : NULL;
}

static struct engine *create_predecode(uint8_t *ram, uint64_t size)
{
    return make_predecode(ram, size, NULL);
}

/* So little room that code and address spaces are thrown out all the time. */
static struct engine *create_small_predecode(uint8_t *ram, uint64_t size)
{
    const struct predecode_options options = {.spaces = 2, .pages = 2};

    return make_predecode(ram, size, &options);
}

/* Natively there is no host that compiles: everything is translated, and then interpreted. */
static uint32_t refuse(void *owner, const uint8_t *bytes, uint32_t len)
{
    (void)owner, (void)bytes, (void)len;
    return 0;
}

static struct engine *create_wasm(uint8_t *ram, uint64_t size)
{
    const struct wasm_options options = {.hot = 2, .host = {.compile = refuse}};
    void *memory = calloc(1, wasm_size(size, &options));

    return memory ? wasm_engine(wasm_init(memory, ram, 0, size, &options)) : NULL;
}

/* Its memory is one piece, where its engine begins. */
static void destroy_predecode(struct engine *engine)
{
    free(engine);
}

#if PZ_HAVE_UNICORN
static struct engine *create_unicorn(uint8_t *ram, uint64_t size)
{
    struct unicorn *unicorn;
    enum unicorn_error error = unicorn_create(ram, size, &unicorn);

    if (error != UNICORN_OK) {
        fprintf(stderr, "unicorn: %s\n", unicorn_error_text(error));
        return NULL;
    }
    return unicorn_engine(unicorn);
}

/* Its engine is where it begins. */
static void destroy_unicorn(struct engine *engine)
{
    unicorn_destroy((struct unicorn *)engine);
}
#endif

#if PZ_HAVE_JIT
static struct engine *create_jit(uint8_t *ram, uint64_t size)
{
    struct jit *jit;

    return jit_create(ram, 0, size, NULL, &jit) == JIT_OK ? jit_engine(jit) : NULL;
}

/* Its engine is where it begins. */
static void destroy_jit(struct engine *engine)
{
    jit_destroy((struct jit *)engine);
}

/* So little room that code and address spaces are thrown out all the time. */
static struct engine *create_small_jit(uint8_t *ram, uint64_t size)
{
    const struct jit_options options = {.cache_bytes = 64 << 10, .spaces = 2};
    struct jit *jit;

    return jit_create(ram, 0, size, &options, &jit) == JIT_OK ? jit_engine(jit) : NULL;
}

/* All code goes in and out of batches that have other guest registers in host registers. */
static struct engine *create_swapping_jit(uint8_t *ram, uint64_t size)
{
    const struct jit_options options = {.swap_always = true};
    struct jit *jit;

    return jit_create(ram, 0, size, &options, &jit) == JIT_OK ? jit_engine(jit) : NULL;
}

static struct engine *create_checking_jit(uint8_t *ram, uint64_t size)
{
    const struct jit_options options = {.hot_at_once = true};
    struct jit *jit;

    return jit_create(ram, 0, size, &options, &jit) == JIT_OK ? jit_engine(jit) : NULL;
}

/* All code accesses memory through the host's page tables. */
static struct engine *create_window_jit(uint8_t *ram, uint64_t size)
{
    const struct jit_options options = {.window_at_once = true, .may_share = true};
    struct jit *jit;

    return jit_create(ram, 0, size, &options, &jit) == JIT_OK ? jit_engine(jit) : NULL;
}

static struct engine *create_jit_and_spec(uint8_t *ram, uint64_t size)
{
    static const struct engine_maker jit = {"jit", create_jit, destroy_jit, false};

    return relay_create(&jit, &engine_makers[0], ram, size);
}
#endif

const struct engine_maker engine_makers[] = {
    {"spec", create_spec, destroy_spec, false},
    {"predecode", create_predecode, destroy_predecode, false},
#if PZ_HAVE_JIT
    {"jit", create_jit, destroy_jit, false},
#endif
#if PZ_HAVE_UNICORN
    {"unicorn", create_unicorn, destroy_unicorn, true},
#endif
};
const unsigned engine_maker_count = sizeof engine_makers / sizeof engine_makers[0];

const struct engine_maker engine_odd_makers[] = {
    {"predecode with little room", create_small_predecode, destroy_predecode, false},
    {"wasm without a host", create_wasm, destroy_predecode, false},
#if PZ_HAVE_JIT
    {"jit with little room", create_small_jit, destroy_jit, false},
    {"jit that swaps registers", create_swapping_jit, destroy_jit, false},
    {"jit that checks stores", create_checking_jit, destroy_jit, false},
    {"jit with windows", create_window_jit, destroy_jit, false},
    {"jit and spec in turn", create_jit_and_spec, relay_destroy, false},
#endif
    {.name = NULL},
};

static uint8_t *new_ram(uint64_t size, int kind)
{
    void *ram =
        mmap(NULL, size, PROT_READ | PROT_WRITE, kind | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

    if (ram == MAP_FAILED) {
        perror("mmap");
        abort();
    }
    return ram;
}

uint8_t *ram_new(uint64_t size)
{
    return new_ram(size, MAP_PRIVATE);
}

uint8_t *ram_new_shared(uint64_t size)
{
    return new_ram(size, MAP_SHARED);
}

void ram_free(uint8_t *ram, uint64_t size)
{
    munmap(ram, size);
}

bool engine_leaves_untrapped(const struct engine *engine, uint32_t raw)
{
    for (unsigned i = 0; i < engine->ops->untrapped_count; i++)
        if ((raw & engine->ops->untrapped[i].mask) == engine->ops->untrapped[i].match)
            return true;
    return false;
}
