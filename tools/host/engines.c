/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * engines.c - the table of engines. One that this build lacks keeps its row, with the reason, so
 * that `pz doctor` and a user who asks for it are told.
 */
#include "tools/host/engines.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sys/mman.h>

#include "isa/engine/predecode.h"
#include "isa/engine/spec.h"
#include "tools/base/base.h"

#ifdef __wasm__
#include "isa/engine/wasm/wasm.h"
#endif
#if PZ_HAVE_UNICORN
#include "isa/engine/unicorn.h"
#endif
#if PZ_HAVE_JIT
#include "isa/engine/jit/jit.h"
#endif

static enum pz_err create_spec(uint8_t *ram, uint64_t base, uint64_t size, void **own,
                               struct engine **engine, struct problem *problem)
{
    struct spec *spec = malloc(sizeof *spec);

    if (!spec)
        return problem_memory(problem, "the engine spec");
    spec_init(spec, ram, base, size);
    *own = spec;
    *engine = &spec->engine;
    return PZ_OK;
}

/* Its memory is one piece, which free() ends. */
static enum pz_err create_predecode(uint8_t *ram, uint64_t base, uint64_t size, void **own,
                                    struct engine **engine, struct problem *problem)
{
    void *memory = calloc(1, predecode_size(size, NULL));

    if (!memory)
        return problem_memory(problem, "the engine predecode");
    *own = memory;
    *engine = &predecode_init(memory, ram, base, size, NULL)->engine;
    return PZ_OK;
}

/* Other builds have no such row: it is not missing there. */
#ifdef __wasm__
static enum pz_err create_wasm(uint8_t *ram, uint64_t base, uint64_t size, void **own,
                               struct engine **engine, struct problem *problem)
{
    const struct wasm_options options = {.host = wasm_imports};
    void *memory = calloc(1, wasm_size(size, &options));

    if (!memory)
        return problem_memory(problem, "the engine wasm");
    *own = memory;
    *engine = wasm_engine(wasm_init(memory, ram, base, size, &options));
    return PZ_OK;
}

static void destroy_wasm(void *own)
{
    wasm_fini(own);
    free(own);
}
#endif

#if PZ_HAVE_UNICORN
#define UNICORN_MISSING NULL

/* The library ends the whole program where its memory for code is refused: ask before it does. */
static enum pz_err check_code_memory(struct problem *problem)
{
    void *page = mmap(NULL, PAGE_SIZE, PROT_READ | PROT_WRITE | PROT_EXEC,
                      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    if (page == MAP_FAILED)
        return problem_set(problem, PZ_HOST,
                           "the host refuses memory that is writable and executable (%s)",
                           strerror(errno));
    munmap(page, PAGE_SIZE);
    return PZ_OK;
}

static enum pz_err create_unicorn(uint8_t *ram, uint64_t base, uint64_t size, void **own,
                                  struct engine **engine, struct problem *problem)
{
    struct unicorn *unicorn;
    enum unicorn_error error;

    (void)base; /* only monitors use it, whose memory begins at 0 */
    if (check_code_memory(problem))
        return PZ_HOST;
    error = unicorn_create(ram, size, &unicorn);
    if (error)
        return problem_set(problem, PZ_HOST, "%s", unicorn_error_text(error));
    *own = unicorn;
    *engine = unicorn_engine(unicorn);
    return PZ_OK;
}

static void destroy_unicorn(void *own)
{
    unicorn_destroy(own);
}
#else
#define UNICORN_MISSING "this pz was built without the Unicorn library"
#define create_unicorn NULL
#define destroy_unicorn NULL
#endif

#if PZ_HAVE_JIT
#define JIT_MISSING NULL

static enum pz_err create_jit(uint8_t *ram, uint64_t base, uint64_t size, void **own,
                              struct engine **engine, struct problem *problem)
{
    const struct jit_options options = {.may_share = true};
    struct jit *jit;
    enum jit_error error = jit_create(ram, base, size, &options, &jit);

    if (error == JIT_BAD_RAM)
        return problem_set(problem, PZ_HOST, "it does not support memory of this size");
    if (error)
        return problem_set(problem, PZ_HOST, "the host refuses %s (%s)",
                           error == JIT_NO_CODE ? "executable memory" : "more memory",
                           strerror(errno));
    *own = jit;
    *engine = jit_engine(jit);
    return PZ_OK;
}

static void destroy_jit(void *own)
{
    jit_destroy(own);
}
#else
#define JIT_MISSING "this pz was built without the translator: it needs an x86-64 host"
#define create_jit NULL
#define destroy_jit NULL
#endif

/* The last page below 4 GiB is the engines' own. */
#define RAM_MOST ((1ull << 32) - PAGE_SIZE)

#define PROBE_RAM (16u * PAGE_SIZE) /* of an engine that is only tried */

/* The fastest first: what is built of them runs guests unless somebody asks for another. */
static const struct engines_kind kinds[] = {
    {"jit", "translates to this host's instructions", JIT_MISSING,
     ENGINE_NATIVE | ENGINE_SECOND_STAGE | ENGINE_IN_PLACE, RAM_MOST, create_jit, destroy_jit,
     true},
    {"unicorn", "Unicorn's RISC-V CPU, in user mode", UNICORN_MISSING, 0, RAM_MOST,
     create_unicorn, destroy_unicorn, true},
#ifdef __wasm__
    {"wasm", "translates to WebAssembly", NULL,
     ENGINE_NATIVE | ENGINE_SECOND_STAGE | ENGINE_IN_PLACE, RAM_MOST, create_wasm, destroy_wasm,
     false},
#endif
    {"predecode", "interprets, and decodes each instruction once", NULL,
     ENGINE_NATIVE | ENGINE_SECOND_STAGE | ENGINE_IN_PLACE, RAM_MOST, create_predecode, free,
     false},
    {"spec", "the executable specification, interpreting", NULL,
     ENGINE_NATIVE | ENGINE_SECOND_STAGE | ENGINE_IN_PLACE, RAM_MOST, create_spec, free, false},
};

const struct engines_kind *const engines_all = kinds;
const unsigned engines_count = sizeof kinds / sizeof kinds[0];

static enum pz_err check_usable(const struct engines_kind *kind, bool native,
                                struct problem *problem)
{
    if (kind->missing)
        return problem_set(problem, PZ_HOST, "--engine %s: %s; see pz doctor", kind->name,
                           kind->missing);
    if (native && !(kind->abilities & ENGINE_NATIVE))
        return problem_set(problem, PZ_USAGE,
                           "--engine %s: it has no supervisor mode, so it cannot run a guest "
                           "bare: use spec",
                           kind->name);
    return PZ_OK;
}

bool engines_works(const struct engines_kind *kind, struct problem *problem)
{
    struct engines_one one = {.kind = kind};
    uint8_t *ram;
    bool works;

    if (kind->missing) {
        (void)problem_set(problem, PZ_HOST, "%s", kind->missing);
        return false;
    }
    if (!kind->needs_host)
        return true;
    ram = aligned_alloc(PAGE_SIZE, PROBE_RAM);
    if (!ram) {
        (void)problem_memory(problem, "an engine");
        return false;
    }
    works = !kind->create(ram, 0, PROBE_RAM, &one.own, &one.engine, problem);
    engines_close(&one);
    free(ram);
    return works;
}

static void tell_missing(const struct engines_kind *kind, const struct problem *why)
{
    fprintf(stderr, "pz: no engine %s here: %s\n", kind->name, why->text);
}

bool engines_offered(const struct engines_kind *kind)
{
    struct problem problem;

    if (kind->missing)
        return false;
    if (engines_works(kind, &problem))
        return true;
    tell_missing(kind, &problem);
    return false;
}

/* spec, at the end, is taken untried: where it cannot be made, nothing can. */
static const struct engines_kind *best(bool native, bool tell)
{
    const struct engines_kind *kind = kinds, *last = &kinds[engines_count - 1];
    struct problem problem;

    for (; kind < last; kind++)
        if ((!native || (kind->abilities & ENGINE_NATIVE)) &&
            (tell ? engines_offered(kind) : engines_works(kind, &problem)))
            break;
    return kind;
}

const struct engines_kind *engines_best(bool native)
{
    return best(native, false);
}

enum pz_err engines_choose(const char *name, bool native, const struct engines_kind **kind,
                           struct problem *problem)
{
    const char *names[sizeof kinds / sizeof kinds[0]];
    unsigned index;
    enum pz_err err;

    if (!name) {
        *kind = best(native, true);
        return PZ_OK;
    }
    for (unsigned i = 0; i < engines_count; i++)
        names[i] = kinds[i].name;
    err = parse_choice("--engine", name, names, engines_count, &index, problem);
    if (err)
        return err;
    *kind = &kinds[index];
    return check_usable(*kind, native, problem);
}

enum pz_err engines_open(struct engines_one *one, const struct engines_kind *kind, uint8_t *ram,
                         uint64_t base, uint64_t size, struct problem *problem)
{
    const char *remedy = kind->create == create_spec ? "" : " (--engine spec needs less)";
    struct problem why;

    *one = (struct engines_one){.kind = kind};
    if (!kind->create(ram, base, size, &one->own, &one->engine, &why))
        return PZ_OK;
    return problem_set(problem, PZ_HOST, "the engine %s: %s%s", kind->name, why.text, remedy);
}

/* spec, at the end, is the last resort: its problem is the answer. */
enum pz_err engines_open_any(struct engines_one *one, const struct engines_kind *kind,
                             bool native, uint8_t *ram, uint64_t base, uint64_t size,
                             struct problem *problem)
{
    const struct engines_kind *last = &kinds[engines_count - 1];
    struct problem why;

    for (; kind < last; kind++) {
        if (kind->missing || (native && !(kind->abilities & ENGINE_NATIVE)))
            continue;
        *one = (struct engines_one){.kind = kind};
        if (!kind->create(ram, base, size, &one->own, &one->engine, &why))
            return PZ_OK;
        tell_missing(kind, &why);
    }
    return engines_open(one, last, ram, base, size, problem);
}

struct jit *engines_jit(const struct engines_one *one)
{
    return one->kind->create == create_jit ? one->own : NULL;
}

void engines_close(struct engines_one *one)
{
    if (one->own)
        one->kind->destroy(one->own);
    *one = (struct engines_one){0};
}
