/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * command.c - `pz classify`: all rows, some rows, or one witness. classify.h describes how the
 * classes are derived.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "tools/base/base.h"
#include "tools/classify/classify.h"
#include "tools/classify/report.h"

#define PROGRESS_AFTER 2 /* seconds */

static bool is_assisted(const struct options *options)
{
    return options->classify_mode == CLASSIFY_MODE_ASSIST;
}

/* The rows that are asked for. */
struct choice {
    const struct classify_row **rows;
    unsigned count;
};

static enum pz_err choose_listed(const struct classify_rows *rows, const char *list,
                                 struct choice *choice, struct problem *problem)
{
    char name[CLASSIFY_NAME + 1];

    while (parse_part(&list, name, sizeof name)) {
        const struct classify_row *row;
        enum pz_err err = classify_rows_find(rows, name, &row, problem);

        if (err)
            return err;
        if (choice->count == rows->count)
            return problem_set(problem, PZ_USAGE, "--only: too many rows");
        choice->rows[choice->count++] = row;
    }
    return PZ_OK;
}

static enum pz_err choose_rows(const struct classify_rows *rows, const char *list,
                               struct choice *choice, struct problem *problem)
{
    choice->rows = calloc(rows->count, sizeof *choice->rows);
    if (!choice->rows)
        return problem_memory(problem, "the rows");
    if (list && !*list)
        return problem_set(problem, PZ_USAGE, "--only: name a row, such as csrrs.sstatus");
    if (list)
        return choose_listed(rows, list, choice, problem);
    for (unsigned i = 0; i < rows->count; i++)
        choice->rows[choice->count++] = &rows->list[i];
    return PZ_OK;
}

/* Shows progress at a terminal. */
static void sleep_aloud(void)
{
    progress_show("pz: classify: checking a possible clock again in 4 seconds");
    classify_sleep();
    progress_end();
}

/* ---- All rows ---- */

static enum pz_err classify_all(struct classify_bench *bench, const struct choice *choice,
                                struct classification *all, struct problem *problem)
{
    time_t began = time(NULL);

    all->results = calloc(choice->count, sizeof *all->results);
    if (!all->results)
        return problem_memory(problem, "the results");
    for (unsigned i = 0; i < choice->count; i++) {
        classify_row_run(bench, choice->rows[i], &all->options, &all->results[i]);
        if (time(NULL) - began >= PROGRESS_AFTER)
            progress_show("pz: classify: %u of %u rows", i + 1, choice->count);
    }
    if (!all->assist && !classify_clocks(bench, all->results, choice->count))
        return problem_memory(problem, "the results");
    progress_end();
    all->count = choice->count;
    all->runs = bench->runs;
    for (unsigned i = 0; i < all->count; i++)
        all->differences += !all->assist && !classify_as_claimed(&all->results[i]);
    classify_judge(all->results, all->count, &all->verdicts);
    return PZ_OK;
}

static enum pz_err report(const struct classification *all, bool json, struct problem *problem)
{
    enum pz_err err = PZ_OK;

    if (json)
        err = json_print(classify_document(all), problem);
    else
        classify_print(all);
    if (!err)
        problem->text[0] = '\0';
    return err ? err : all->as_claimed ? PZ_OK : PZ_FAILED;
}

static enum pz_err run_rows(const struct options *options, struct classify_engine *engine,
                            const struct choice *choice, struct problem *problem)
{
    struct classification all = {
        .engine = engine->name,
        .assist = engine->assist,
        .variants = options->variants,
        .options = {.seed = options->seed, .trials = options->trials},
    };
    enum pz_err err = classify_all(&engine->bench, choice, &all, problem);

    if (all.assist)
        all.as_claimed = !all.verdicts.violations[1];
    else
        all.as_claimed =
            !all.differences && (!all.variants || options->only ||
                                 classify_variants_as_claimed(&all.verdicts, all.variants));
    if (!err)
        err = report(&all, options->json, problem);
    free(all.results);
    return err;
}

/* ---- One witness ---- */

static enum pz_err no_witness(const char *name, const struct classify_result *result,
                              const char *engine, struct problem *problem)
{
    char names[CLASSIFY_LIST] = "", one[CLASSIFY_WITNESS_NAME];

    for (unsigned i = 0; i < result->witness_count; i++) {
        size_t used = strlen(names);

        snprintf(names + used, sizeof names - used, "%s%s", i ? ", " : "",
                 strchr(classify_witness_name(result, i, one), '/') + 1);
    }
    return problem_set(problem, PZ_FAILED, "%.60s: nothing on %s shows it: of %s there is %s",
                       name, engine, result->row->name, names[0] ? names : "no witness");
}

static enum pz_err replay(const struct options *options, struct classify_engine *engine,
                          const struct classify_witness *witness, struct problem *problem)
{
    struct classify_replay again = {
        .name = options->witness, .engine = engine->name, .witness = witness};
    enum pz_err err = PZ_OK;

    again.holds = classify_recheck(&engine->bench, witness, &again.a, &again.b);
    if (options->elf)
        err = classify_write_elf(witness, options->elf, problem);
    if (err)
        return err;
    if (options->json)
        err = json_print(classify_replay_document(&again), problem);
    else
        classify_print_replay(&again);
    if (options->elf && !options->json)
        printf("%s: pz debug %s, then: until pc == 0x%x\n", options->elf, options->elf,
               CLASSIFY_PC);
    if (!err)
        problem->text[0] = '\0';
    return err ? err : again.holds ? PZ_OK : PZ_FAILED;
}

static enum pz_err run_witness(const struct options *options, struct classify_engine *engine,
                               const struct classify_rows *rows, struct problem *problem)
{
    const struct classify_options how = {.seed = options->seed, .trials = options->trials};
    struct classify_reference reference;
    struct classify_result result;
    const struct classify_witness *witness;
    enum pz_err err = classify_reference(rows, options->witness, &reference, problem);

    if (err)
        return err;
    classify_row_run(&engine->bench, reference.row, &how, &result);
    witness = classify_referred(&result, &reference);
    if (!witness && !engine->assist && !classify_clocks(&engine->bench, &result, 1))
        return problem_memory(problem, "the results");
    witness = classify_referred(&result, &reference);
    if (!witness)
        return no_witness(options->witness, &result, engine->name, problem);
    return replay(options, engine, witness, problem);
}

static enum pz_err run(const struct options *options, const struct classify_rows *rows,
                       const struct choice *choice, struct problem *problem)
{
    struct classify_engine engine;
    enum pz_err err =
        classify_engine_open(&engine, options->engine, is_assisted(options), problem);

    if (!err && isatty(STDERR_FILENO))
        engine.bench.sleep = sleep_aloud;
    if (!err)
        classify_bench_break(&engine.bench, options->variants);
    if (!err && options->witness)
        err = run_witness(options, &engine, rows, problem);
    else if (!err)
        err = run_rows(options, &engine, choice, problem);
    classify_engine_close(&engine);
    return err;
}

static enum pz_err check(const struct options *options, struct problem *problem)
{
    if (options->elf && !options->witness)
        return problem_set(problem, PZ_USAGE, "--elf needs --witness");
    if (options->elf && is_assisted(options))
        return problem_set(problem, PZ_USAGE,
                           "--elf and --mode assist: a guest has no second stage of its own");
    if (options->only && options->witness)
        return problem_set(problem, PZ_USAGE, "--only and --witness: give one of them");
    return PZ_OK;
}

enum pz_err command_classify(const struct options *options, struct problem *problem)
{
    struct classify_rows rows = {0};
    struct choice choice = {0};
    enum pz_err err = check(options, problem);

    if (!err && !classify_rows_init(&rows, options->variants))
        err = problem_memory(problem, "the rows");
    if (!err)
        err = choose_rows(&rows, options->only, &choice, problem);
    if (!err)
        err = run(options, &rows, &choice, problem);
    free(choice.rows);
    classify_rows_fini(&rows);
    return err;
}
