/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * engine.c - engines for the experiments. Except for `jit` they are not those that run guests:
 * `spec` has to cache translations, and `unicorn` has to be the library's CPU alone, without an
 * interpreter.
 */
#include <stdlib.h>

#include "tools/classify/report.h"
#include "tools/classify/spec.h"
#include "tools/host/host.h"

#if PZ_HAVE_UNICORN
#include "tools/classify/unicorn.h"

static void destroy_unicorn(void *own)
{
    classify_unicorn_destroy(own);
}

static enum pz_err open_unicorn(struct classify_engine *engine, struct engine **out,
                                struct problem *problem)
{
    struct classify_unicorn *unicorn;
    enum pz_err err = classify_unicorn_create(engine->ram, &unicorn, problem);

    if (err)
        return err;
    engine->own = unicorn;
    engine->destroy = destroy_unicorn;
    *out = classify_unicorn_engine(unicorn);
    return PZ_OK;
}
#else
#define open_unicorn NULL
#endif

static enum pz_err open_spec(struct classify_engine *engine, struct engine **out,
                             struct problem *problem)
{
    struct classify_spec *spec = malloc(sizeof *spec);

    if (!spec)
        return problem_memory(problem, "the engine spec");
    classify_spec_init(spec, engine->ram);
    engine->own = spec;
    engine->destroy = free;
    *out = &spec->engine;
    return PZ_OK;
}

static void destroy_other(void *own)
{
    engines_close(own);
    free(own);
}

/* An engine that runs harts natively, unchanged. */
static enum pz_err open_other(struct classify_engine *engine, struct engine **out,
                              struct problem *problem)
{
    const struct engines_kind *kind;
    struct engines_one *one = calloc(1, sizeof *one);
    enum pz_err err;

    if (!one)
        return problem_memory(problem, "the engine");
    engine->own = one;
    engine->destroy = destroy_other;
    err = engines_choose(engine->name, true, &kind, problem);
    if (!err)
        err = engines_open(one, kind, engine->ram, 0, engine->size, problem);
    *out = one->engine;
    return err;
}

static const struct {
    const char *name;
    enum pz_err (*open)(struct classify_engine *engine, struct engine **out,
                        struct problem *problem);
} special[] = {{"spec", open_spec}, {"unicorn", open_unicorn}};

static enum pz_err no_second_stage(const char *name, struct problem *problem)
{
    return problem_set(
        problem, PZ_USAGE,
        "--mode assist: engine '%s' has no second stage of translation; 'spec' has", name);
}

static enum pz_err open_by_name(struct classify_engine *engine, struct engine **out,
                                struct problem *problem)
{
    const struct engines_kind *kind;
    enum pz_err err = engines_choose(engine->name, false, &kind, problem);

    if (err)
        return err;
    if (engine->assist)
        return kind->abilities & ENGINE_SECOND_STAGE ? open_other(engine, out, problem)
                                                     : no_second_stage(kind->name, problem);
    for (unsigned i = 0; i < sizeof special / sizeof special[0]; i++)
        if (!strcmp(special[i].name, kind->name) && special[i].open)
            return special[i].open(engine, out, problem);
    return open_other(engine, out, problem);
}

enum pz_err classify_engine_open(struct classify_engine *engine, const char *name, bool assist,
                                 struct problem *problem)
{
    struct engine *out = NULL;
    enum pz_err err;

    *engine = (struct classify_engine){.name = name ? name : "spec", .assist = assist};
    engine->size = assist ? CLASSIFY_ASSIST_RAM : CLASSIFY_RAM;
    engine->ram = aligned_alloc(PAGE_SIZE, engine->size);
    if (!engine->ram)
        return problem_memory(problem, "the experiments");
    memset(engine->ram, 0, engine->size);
    err = open_by_name(engine, &out, problem);
    if (!err && !classify_bench_init(&engine->bench, out, engine->ram, assist))
        err = problem_memory(problem, "the experiments");
    return err;
}

void classify_engine_close(struct classify_engine *engine)
{
    classify_bench_fini(&engine->bench);
    if (engine->own)
        engine->destroy(engine->own);
    free(engine->ram);
    *engine = (struct classify_engine){0};
}
