/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * unicorn.c - the interface of the engine `unicorn`: creation, destruction, notification of
 * changes, and the table of what its CPU fails to trap. unicorn_run.c runs it, unicorn_cpu.c
 * drives the library.
 */
#include "isa/engine/unicorn.h"

#include <stdio.h>
#include <stdlib.h>

#include "isa/engine/engine.h"
#include "isa/engine/unicorn_run.h"

static struct unicorn *of(struct engine *engine)
{
    return (struct unicorn *)engine;
}

/* ---- Told from outside ---- */

/* The CPU takes a new root when it next runs. */
static void unicorn_set_space(struct engine *engine, const struct engine_space *space)
{
    engine_set_space(&of(engine)->spec.engine, space);
}

static void unicorn_drop_all(struct engine *engine)
{
    unicorn_cpu_drop(&of(engine)->cpu);
    blocks_forget(&of(engine)->blocks);
}

/* Only translations of the CPU's current root are cached. */
static void unicorn_drop_root(struct engine *engine, uint32_t root)
{
    if (of(engine)->cpu.root == root)
        unicorn_cpu_drop(&of(engine)->cpu);
    blocks_forget(&of(engine)->blocks);
}

static void unicorn_code_changed(struct engine *engine, uint64_t pa, uint32_t len)
{
    struct unicorn *unicorn = of(engine);

    if (pa >= engine->phys.size)
        return;
    if (len > engine->phys.size - pa)
        len = (uint32_t)(engine->phys.size - pa);
    if (code_holds(&unicorn->code, pa, len))
        unicorn_forget_code(unicorn, pa, len);
}

/* The CPU must be notified of the interpreter's stores. */
static void on_interpreted_store(struct phys *phys, uint64_t pa, uint32_t len)
{
    unicorn_code_changed(phys->owner, pa, len);
}

/* Blocks are classified again: those that contain a stop are interpreted. */
static void unicorn_stops_changed(struct engine *engine)
{
    of(engine)->blocks.stops = engine->stops;
    blocks_forget(&of(engine)->blocks);
}

/*
 * Reads of the counters: cycle, instret and hpmcounter3 to 31, and their high halves. Found by
 * trying all CSR accesses; `time` does trap. CSRRS and CSRRC are reads to this CPU when rs1
 * *holds* 0, where the specification asks for rs1 to *be* x0; so any rs1 is declared. Counters
 * are numbered 0xc00 and up, high halves 0xc80 and up: bit 7 of the number is left out, and so
 * are as many low bits as a range is wide.
 */
#define NUMBER(first, wide, match_, mask_)                                                     \
    {                                                                                          \
        .match = (match_) | (first) << 20, .mask = (mask_) | (0xf7fu & ~((wide)-1u)) << 20     \
    }
#define READS(first, wide)                                                                     \
    NUMBER(first, wide, 0x2073u, 0x607fu),     /* CSRRS, CSRRC */                              \
        NUMBER(first, wide, 0x6073u, 0xfe07fu) /* CSRRSI, CSRRCI with 0 */
static const struct engine_pattern counter_reads[] = {
    READS(0xc00u, 1), READS(0xc02u, 2), READS(0xc04u, 4), READS(0xc08u, 8), READS(0xc10u, 16),
};

static void unicorn_fence_i(struct engine *engine)
{
    ((struct unicorn *)engine)->attend = true;
}

static const struct engine_ops unicorn_ops = {
    .name = "unicorn",
    .untrapped = counter_reads,
    .untrapped_count = sizeof counter_reads / sizeof counter_reads[0],
    .run = unicorn_run,
    .set_space = unicorn_set_space,
    .drop_root = unicorn_drop_root,
    .drop_all = unicorn_drop_all,
    .code_changed = unicorn_code_changed,
    .fence_i = unicorn_fence_i,
    .stops_changed = unicorn_stops_changed,
};

/* ---- Making and ending it ---- */

/* Only newer versions return the third number. */
static void name_version(struct unicorn *unicorn)
{
    unsigned major, minor, all = unicorn_library.version(&major, &minor);

    if (all >> 24)
        snprintf(unicorn->version, sizeof unicorn->version, "%u.%u.%u", major, minor,
                 all >> 8 & 255);
    else
        snprintf(unicorn->version, sizeof unicorn->version, "%u.%u", major, minor);
}

static void init(struct unicorn *unicorn, uint8_t *ram, uint64_t size)
{
    unicorn->engine.ops = &unicorn_ops;
    unicorn->engine.phys = (struct phys){.ram = ram, .size = size};
    spec_init(&unicorn->spec, ram, 0, size);
    unicorn->spec.engine.phys.wrote = on_interpreted_store;
    unicorn->spec.engine.phys.owner = unicorn;
    blocks_init(&unicorn->blocks, &unicorn->engine.phys, &unicorn->code);
    name_version(unicorn);
}

static enum unicorn_error open_cpu(struct unicorn *unicorn, uint8_t *ram, uint64_t size)
{
    struct unicorn_hooks hooks = unicorn_hooks;

    hooks.owner = unicorn;
    if (!code_init(&unicorn->code, &unicorn->engine.phys))
        return UNICORN_NO_MEMORY;
    return unicorn_cpu_open(&unicorn->cpu, ram, size, &hooks);
}

enum unicorn_error unicorn_create(uint8_t *ram, uint64_t size, struct unicorn **out)
{
    struct unicorn *unicorn;
    enum unicorn_error error;

    *out = NULL;
    if (!unicorn_library_load())
        return UNICORN_MISSING_LIBRARY;
    if (!size || size > UNICORN_RAM_LIMIT || (size | (uintptr_t)ram) & PAGE_MASK)
        return UNICORN_BAD_RAM;
    unicorn = calloc(1, sizeof *unicorn);
    if (!unicorn)
        return UNICORN_NO_MEMORY;
    init(unicorn, ram, size);
    error = open_cpu(unicorn, ram, size);
    if (error == UNICORN_OK)
        *out = unicorn;
    else
        unicorn_destroy(unicorn);
    return error;
}

void unicorn_destroy(struct unicorn *unicorn)
{
    if (!unicorn)
        return;
    unicorn_cpu_close(&unicorn->cpu);
    code_fini(&unicorn->code);
    free(unicorn);
}

struct engine *unicorn_engine(struct unicorn *unicorn)
{
    return &unicorn->engine;
}

const char *unicorn_error_text(enum unicorn_error error)
{
    switch (error) {
    case UNICORN_OK: return "no error";
    case UNICORN_BAD_RAM: return "RAM must be whole pages, at least one, and under 4 GiB";
    case UNICORN_NO_MEMORY: return "the host has no memory left for the Unicorn library";
    case UNICORN_MISSING_LIBRARY:
        return "the library " PZ_UNICORN_FILE " cannot be loaded: install it again";
    case UNICORN_REFUSED: return "the Unicorn library could not set up its CPU";
    }
    return "an unknown error";
}

uint64_t unicorn_failures(const struct unicorn *unicorn)
{
    return unicorn->failures;
}

uint64_t unicorn_renewals(const struct unicorn *unicorn)
{
    return unicorn->renewals;
}

const char *unicorn_version(const struct unicorn *unicorn)
{
    return unicorn->version;
}
