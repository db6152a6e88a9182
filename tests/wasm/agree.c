/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * agree.c - the engines of a pz that is WebAssembly against `spec`, on random programs, as
 * tests/agree/test_agree.c does natively. Built and run by tests/cli/engine/wasm.sh.
 *
 *   agree.wasm [instructions [first seed]]
 *
 * Ends with 1 at the first difference, and says the seed.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "isa/engine/spec.h"
#include "isa/engine/wasm/wasm.h"
#include "tests/support/compare.h"

#define USUAL_INSNS 1000000u
#define USUAL_SEED 20240601u

static struct engine *create_spec(uint8_t *ram, uint64_t size)
{
    struct spec *spec = malloc(sizeof *spec);

    if (spec)
        spec_init(spec, ram, 0, size);
    return spec ? &spec->engine : NULL;
}

/* So that nearly everything is translated. */
static struct engine *create_wasm(uint8_t *ram, uint64_t size)
{
    const struct wasm_options options = {.hot = 2, .host = wasm_imports};
    void *memory = calloc(1, wasm_size(size, &options));

    return memory ? wasm_engine(wasm_init(memory, ram, 0, size, &options)) : NULL;
}

/* The same with hardly any room, which is taken away all the time. */
static struct engine *create_small(uint8_t *ram, uint64_t size)
{
    const struct wasm_options options = {
        .predecode = {.spaces = 2, .pages = 2}, .hot = 2, .host = wasm_imports};
    void *memory = calloc(1, wasm_size(size, &options));

    return memory ? wasm_engine(wasm_init(memory, ram, 0, size, &options)) : NULL;
}

/* The memory of each is one piece, where its engine begins. */
static void destroy(struct engine *engine)
{
    free(engine);
}

static void destroy_wasm(struct engine *engine)
{
    wasm_fini((struct wasm *)engine);
    destroy(engine);
}

/* In the place of tests/support/engines.c: the truth first. */
const struct engine_maker engine_makers[] = {
    {"spec", create_spec, destroy, false},
    {"wasm", create_wasm, destroy_wasm, false},
    {"wasm with little room", create_small, destroy_wasm, false},
};
const unsigned engine_maker_count = sizeof engine_makers / sizeof engine_makers[0];

uint8_t *ram_new(uint64_t size)
{
    uint8_t *ram = aligned_alloc(PAGE_SIZE, size);

    if (!ram)
        abort();
    return memset(ram, 0, size);
}

void ram_free(uint8_t *ram, uint64_t size)
{
    (void)size;
    free(ram);
}

static bool check(const struct engine_maker *maker, uint64_t insns, uint64_t seed)
{
    static struct comparison comparison;
    static struct program program;
    const struct wasm_stats *stats;
    uint64_t first = seed;

    memset(&comparison, 0, sizeof comparison);
    comparison_open(&comparison, &engine_makers[0], maker);
    for (; comparison.retired < insns; seed++) {
        program_make(&program, seed, comparison.sides[1].engine->ops);
        if (!comparison_run(&comparison, &program) ||
            (seed % 256 == 0 && !comparison_same_ram(&comparison))) {
            printf("%s: seed %" PRIu64 ", run %u: %s\n", maker->name, seed,
                   comparison.failed_run, comparison.difference);
            return false;
        }
    }
    stats = wasm_stats((struct wasm *)comparison.sides[1].engine);
    printf("%s: %" PRIu64 " programs, %" PRIu64 " instructions, %" PRIu64 " regions, %" PRIu64
           " dropped, %" PRIu64 " refused\n",
           maker->name, seed - first, comparison.retired, stats->regions, stats->dropped,
           stats->refused);
    comparison_close(&comparison);
    return stats->regions && !stats->refused;
}

int main(int argc, char **argv)
{
    uint64_t insns = argc > 1 ? strtoull(argv[1], NULL, 0) : USUAL_INSNS;
    uint64_t seed = argc > 2 ? strtoull(argv[2], NULL, 0) : USUAL_SEED;

    for (unsigned i = 1; i < engine_maker_count; i++)
        if (!check(&engine_makers[i], insns, seed))
            return EXIT_FAILURE;
    return EXIT_SUCCESS;
}
