/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * plan.c - which workloads, which systems, how long and how often. The first engine and
 * the first policy chosen are those that summaries speak of.
 */
#include "tools/bench/plan.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tools/base/base.h"
#include "tools/bench/qemu.h"

#define RUNS_FULL 5u
#define RUNS_QUICK 3u
#define TARGET_FULL_NS 250000000ull
#define TARGET_QUICK_NS 40000000ull

static enum pz_err add_engine(struct bench *bench, const char *name, struct problem *problem)
{
    const char *names[BENCH_ENGINES];
    enum pz_err err;
    unsigned index;

    for (index = 0; index < engines_count; index++)
        names[index] = engines_all[index].name;
    err = parse_choice("--engines", name, names, engines_count, &index, problem);
    if (err)
        return err;
    if (bench->engine_count == BENCH_ENGINES)
        return problem_set(problem, PZ_USAGE, "--engines: too many");
    return engines_choose(name, false, &bench->engines[bench->engine_count++], problem);
}

static enum pz_err choose_engines(struct bench *bench, const char *list,
                                  struct problem *problem)
{
    enum pz_err err = PZ_OK;
    char word[32];

    for (unsigned i = 0; !list && !err && i < engines_count; i++)
        if (engines_offered(&engines_all[i]))
            err = add_engine(bench, engines_all[i].name, problem);
    while (!err && parse_part(&list, word, sizeof word))
        err = add_engine(bench, word, problem);
    return err;
}

static enum pz_err choose_policies(struct bench *bench, const char *list,
                                   struct problem *problem)
{
    const char *names[SHADOW_POLICIES];
    enum pz_err err = PZ_OK;
    char word[32];
    unsigned index;

    for (unsigned i = 0; i < SHADOW_POLICIES; i++) {
        names[i] = options_shadow_name(i);
        bench->policies[i] = !list && (!bench->quick || i == SHADOW_LAZY);
    }
    while (!err && parse_part(&list, word, sizeof word)) {
        err = parse_choice("--policies", word, names, SHADOW_POLICIES, &index, problem);
        if (!err)
            bench->policies[index] = true;
    }
    return err;
}

static struct bench_system *add_system(struct bench *bench, enum bench_kind kind,
                                       const struct engines_kind *engine, const char *how)
{
    struct bench_system *system = &bench->systems[bench->system_count++];

    *system = (struct bench_system){.kind = (uint8_t)kind, .engine = engine};
    snprintf(system->name, sizeof system->name, "%.12s %.18s",
             engine ? engine->name : BENCH_QEMU_PROGRAM, how);
    return system;
}

/* Under trap and emulate each shadow policy; under another technique the first, by its name. */
static void add_virtual(struct bench *bench, const struct engines_kind *engine)
{
    const char *name = monitor_desc(bench->monitor)->name;

    if (!monitor_works(bench->monitor, engine->abilities))
        return;
    for (unsigned policy = 0; policy < SHADOW_POLICIES; policy++) {
        struct bench_system *system;

        if (!bench->policies[policy])
            continue;
        system = add_system(bench, BENCH_VIRTUAL, engine,
                            bench->monitor == VM_PLAIN ? options_shadow_name(policy) : name);
        system->policy = (enum shadow_policy)policy;
        system->monitor = bench->monitor;
        if (bench->monitor != VM_PLAIN)
            return;
    }
}

/* Systems that are compared most often are adjacent: they run from left to right. */
static void choose_systems(struct bench *bench)
{
    if (bench->qemu)
        snprintf(add_system(bench, BENCH_QEMU, NULL, "")->name, 32, "qemu");
    for (unsigned i = 0; i < bench->engine_count; i++) {
        const struct engines_kind *engine = bench->engines[i];

        add_system(bench, BENCH_ALONE, engine, "alone");
        if (engine->abilities & ENGINE_NATIVE)
            add_system(bench, BENCH_BARE, engine, "bare");
        add_virtual(bench, engine);
    }
}

/* Kernels need a board: an engine alone runs only user programs. */
static void add_row(struct bench *bench, const struct bench_workload *workload)
{
    struct bench_row *row = &bench->rows[bench->row_count++];

    *row = (struct bench_row){.workload = workload};
    for (unsigned i = 0; i < bench->system_count; i++)
        row->cells[i].planned =
            bench->systems[i].kind != BENCH_ALONE || workload->class == BENCH_COMPUTE;
}

/* Words that --only knows: each workload, each class, and the figures that are of none. */
enum { NAMES_MOST = 64 };

static unsigned all_names(const char **names)
{
    unsigned count = 0;

    for (unsigned i = 0; i < bench_workload_count; i++)
        names[count++] = bench_workloads[i].name;
    for (unsigned i = 0; i < BENCH_CLASSES; i++)
        names[count++] = bench_class_name((enum bench_class)i);
    names[count++] = "figures";
    return count;
}

static void want(struct bench *bench, bool *wanted, unsigned name)
{
    if (name == bench_workload_count + BENCH_CLASSES)
        bench->with_figures = true;
    for (unsigned i = 0; i < bench_workload_count; i++)
        if (name == i || name == bench_workload_count + bench_workloads[i].class)
            wanted[i] = true;
}

static enum pz_err choose_rows(struct bench *bench, const char *list, struct problem *problem)
{
    const char *names[NAMES_MOST];
    unsigned count = all_names(names), index;
    bool wanted[NAMES_MOST] = {false};
    enum pz_err err = PZ_OK;
    char word[32];

    for (unsigned i = 0; !list && i < count; i++)
        want(bench, wanted, i);
    while (!err && parse_part(&list, word, sizeof word)) {
        err = parse_choice("--only", word, names, count, &index, problem);
        if (!err)
            want(bench, wanted, index);
    }
    bench->rows = calloc(bench_workload_count, sizeof *bench->rows);
    if (!bench->rows)
        return problem_memory(problem, "the measurements");
    for (unsigned i = 0; i < bench_workload_count; i++)
        if (wanted[i])
            add_row(bench, &bench_workloads[i]);
    return err;
}

enum pz_err bench_plan(struct bench *bench, const struct options *options,
                       struct problem *problem)
{
    enum pz_err err;

    memset(bench, 0, sizeof *bench);
    bench->quick = options->quick;
    bench->monitor = (enum vm_monitor)options->monitor;
    bench->qemu = !options->no_qemu && bench_qemu_present();
    bench->runs = bench->quick ? RUNS_QUICK : RUNS_FULL;
    if (options->runs)
        bench->runs = (unsigned)options->runs;
    bench->target_ns = bench->quick ? TARGET_QUICK_NS : TARGET_FULL_NS;
    err = choose_engines(bench, options->engines, problem);
    if (!err)
        err = choose_policies(bench, options->policies, problem);
    if (err)
        return err;
    choose_systems(bench);
    return choose_rows(bench, options->only, problem);
}
