/* SPDX-License-Identifier: GPL-2.0-or-later */
/* classified.c - a classification for tests, all rows of it. */
#include "tests/support/classified.h"

#include <check.h>
#include <stdlib.h>

const struct classify_options classified_usual = {.seed = 1, .trials = 8};
const struct classify_options classified_chosen = {.seed = 1, .trials = 0};

static void no_sleep(void)
{
}

void classified_open(struct classify_engine *engine, const char *name, bool assist)
{
    struct problem problem = {0};

    ck_assert_msg(classify_engine_open(engine, name, assist, &problem) == PZ_OK, "%s",
                  problem.text);
    engine->bench.sleep = no_sleep;
}

struct classify_result *classified_all(struct classify_engine *engine,
                                       const struct classify_rows *rows,
                                       const struct classify_options *options)
{
    struct classify_result *results = calloc(rows->count, sizeof *results);

    ck_assert_ptr_nonnull(results);
    for (unsigned i = 0; i < rows->count; i++)
        classify_row_run(&engine->bench, &rows->list[i], options, &results[i]);
    return results;
}

void classified_check_witnesses(struct classify_engine *engine,
                                const struct classify_result *result)
{
    for (unsigned i = 0; i < result->witness_count; i++) {
        struct classify_outcome a, b;
        char name[CLASSIFY_WITNESS_NAME];

        ck_assert_msg(classify_recheck(&engine->bench, &result->witnesses[i], &a, &b),
                      "%s on %s does not check again", classify_witness_name(result, i, name),
                      engine->name);
    }
}

void classified_check_kinds(const struct classify_result *result)
{
    unsigned kinds = 0;

    for (unsigned i = 0; i < result->witness_count; i++)
        kinds |= CLASSIFY_BIT(result->witnesses[i].kind);
    ck_assert_uint_eq(kinds, result->kinds);
}
