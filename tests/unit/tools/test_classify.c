/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_classify.c - the classifier: on each engine it finds what the tables claim, every witness
 * can be reproduced, and a fault planted in any one row is found.
 */
#include "tests/support/classified.h"
#include "tests/support/engines.h"
#include "tests/support/planted.h"
#include "tests/support/suite.h"
#include "tools/host/engines.h"

#if PZ_HAVE_JIT
#include "isa/engine/jit/jit.h"
#endif

static void check_engine(const char *name, bool as_claimed)
{
    struct classify_engine engine;
    struct classify_rows rows;
    struct classify_result *results;

    ck_assert(classify_rows_init(&rows, 0));
    classified_open(&engine, name, false);
    results = classified_all(&engine, &rows, &classified_usual);
    for (unsigned i = 0; i < rows.count; i++) {
        ck_assert_msg(!as_claimed || classify_as_claimed(&results[i]), "%s on %s",
                      rows.list[i].name, name);
        classified_check_witnesses(&engine, &results[i]);
        classified_check_kinds(&results[i]);
    }
    free(results);
    classify_engine_close(&engine);
    classify_rows_fini(&rows);
}

/* The library's CPU is not ours: what it is, is below. */
static bool is_ours(const struct engines_kind *kind)
{
    return strcmp(kind->name, "unicorn") != 0;
}

START_TEST(as_the_tables_claim)
{
    const struct engines_kind *kind = &engines_all[_i];

    if (!kind->missing)
        check_engine(kind->name, is_ours(kind));
}
END_TEST

#if PZ_HAVE_JIT
/* What is looked at is translated code, and not the interpreter that ends short budgets. */
START_TEST(jit_translates_it_alone)
{
    uint8_t *ram = ram_new(CLASSIFY_RAM);
    struct classify_bench bench;
    struct classify_rows rows;
    struct classify_result result;
    struct jit *jit;

    ck_assert_int_eq(jit_create(ram, 0, CLASSIFY_RAM, NULL, &jit), JIT_OK);
    ck_assert(classify_bench_init(&bench, jit_engine(jit), ram, false));
    ck_assert(classify_rows_init(&rows, 0));
    for (unsigned i = 0; i < rows.count; i++) {
        const struct jit_stats before = *jit_stats(jit), *now = jit_stats(jit);
        uint64_t blocks;

        classify_row_run(&bench, &rows.list[i], &classified_chosen, &result);
        blocks = now->blocks - before.blocks;
        ck_assert_msg(blocks, "%s", rows.list[i].name);
        /* A jump back into its page goes on there. */
        ck_assert_msg(now->instructions - before.instructions == blocks ||
                          rows.list[i].format == FORMAT_J,
                      "%s", rows.list[i].name);
    }
    classify_rows_fini(&rows);
    classify_bench_fini(&bench);
    jit_destroy(jit);
    ram_free(ram, CLASSIFY_RAM);
}
END_TEST
#define ADD_JIT_TESTS(tcase) tcase_add_test(tcase, jit_translates_it_alone)
#else
#define ADD_JIT_TESTS(tcase) (void)(tcase)
#endif

/* ---- Real violations ---- */

static bool has_unicorn(void)
{
    for (unsigned i = 0; i < engines_count; i++)
        if (!is_ours(&engines_all[i]) && !engines_all[i].missing)
            return true;
    return false;
}

static bool is_counter_read(const char *name)
{
    return strstr(name, ".cycle") || strstr(name, ".instret") || strstr(name, ".hpmcounter");
}

/* What its CPU is known for is found; anything else but these would be news. */
START_TEST(real_violations_on_unicorn)
{
    static const char *const clocks[] = {"csrrs.cycle", "csrrc.cycle", "csrrsi.instret",
                                         "csrrci.instret"};
    struct classify_engine engine;
    struct classify_rows rows;
    struct classify_result *results;
    struct problem problem;

    if (!has_unicorn())
        return;
    ck_assert(classify_rows_init(&rows, 0));
    classified_open(&engine, "unicorn", false);
    results = classified_all(&engine, &rows, &classified_usual);
    for (unsigned i = 0; i < sizeof clocks / sizeof clocks[0]; i++) {
        const struct classify_row *row;

        ck_assert(!classify_rows_find(&rows, clocks[i], &row, &problem));
        ck_assert_uint_eq(results[row - rows.list].violations, CLASSIFY_BIT(CLASSIFY_TIME));
        ck_assert(classify_counters(&results[row - rows.list], 3));
    }
    for (unsigned i = 0; i < rows.count; i++)
        ck_assert_msg(!results[i].violations || is_counter_read(rows.list[i].name) ||
                          !strcmp(rows.list[i].name, "wfi"),
                      "%s violates", rows.list[i].name);
    free(results);
    classify_engine_close(&engine);
    classify_rows_fini(&rows);
}
END_TEST

/* ---- Planted faults ---- */

/* Anything sensitive that is not privileged; a mode shown need not be user-sensitive. */
static bool found(const struct classify_result *result, enum planted_fault fault)
{
    bool user = fault != PLANTED_MODE && fault != PLANTED_NOTHING;

    return classify_counters(result, 1) && classify_counter_witness(result, 1) &&
           (!user || (classify_counters(result, 3) && classify_counter_witness(result, 3)));
}

/*
 * Where the fault makes no difference that could be found: nothing is planted where nothing is
 * sensitive, and a mode that only user mode shows is a constant.
 */
static bool harmless(const struct classify_row *row, enum planted_fault fault)
{
    bool runs_in_supervisor =
        row->exists && strcmp(row->name, "ecall") != 0 && strcmp(row->name, "ebreak") != 0;

    if (fault == PLANTED_NOTHING)
        return !row->exists || row->sensitivity == INSN_INNOCUOUS;
    return fault == PLANTED_MODE && !runs_in_supervisor;
}

/* Rows of PZ32 have each fault; those that it refuses, which are alike, a few in turn. */
static bool in_turn(const struct classify_row *row, unsigned index, enum planted_fault fault)
{
    return row->exists || (index + fault) % 5 == 0;
}

START_TEST(no_planted_fault_escapes)
{
    struct classify_engine engine;
    struct classify_rows rows;
    struct planted planted;
    struct classify_bench bench;
    unsigned planted_count = 0;

    ck_assert(classify_rows_init(&rows, 0));
    classified_open(&engine, "spec", false);
    planted_init(&planted, engine.bench.engine);
    ck_assert(classify_bench_init(&bench, &planted.engine, engine.ram, false));
    planted.fault = (enum planted_fault)_i;
    for (unsigned i = 0; i < rows.count; i++) {
        const struct classify_row *row = &rows.list[i];
        struct classify_result result;

        planted.match = row->match;
        planted.mask = row->mask;
        planted.worked = false;
        if (harmless(row, planted.fault) || !in_turn(row, i, planted.fault))
            continue;
        classify_row_run(&bench, row, &classified_chosen, &result);
        ck_assert_msg(planted.worked, "%s: never reached", row->name);
        ck_assert_msg(found(&result, planted.fault), "%s: '%s' escapes", row->name,
                      planted_name(planted.fault));
        planted_count++;
    }
    ck_assert_uint_gt(planted_count, 50);
    classify_bench_fini(&bench);
    classify_engine_close(&engine);
    classify_rows_fini(&rows);
}
END_TEST

/* ---- Variants ---- */

static void check_variant(const char *name, const struct classify_rows *rows, uint32_t variants)
{
    struct classify_engine engine;
    struct classify_verdicts verdicts;
    struct classify_result *results;

    classified_open(&engine, name, false);
    classify_bench_break(&engine.bench, variants);
    results = classified_all(&engine, rows, &classified_chosen);
    classify_judge(results, rows->count, &verdicts);
    ck_assert_msg(classify_variants_as_claimed(&verdicts, variants), "0x%x on %s", variants,
                  name);
    for (unsigned i = 0; i < rows->count; i++) {
        ck_assert_msg(classify_as_claimed(&results[i]), "%s", rows->list[i].name);
        classified_check_witnesses(&engine, &results[i]);
    }
    free(results);
    classify_engine_close(&engine);
}

START_TEST(variants_as_claimed)
{
    struct classify_rows rows;

    ck_assert(classify_rows_init(&rows, 1u << _i));
    for (unsigned i = 0; i < engines_count; i++)
        if (is_ours(&engines_all[i]) && !engines_all[i].missing)
            check_variant(engines_all[i].name, &rows, 1u << _i);
    classify_rows_fini(&rows);
}
END_TEST

/* On the library's CPU they are interpreted, and come on top of its own violations. */
START_TEST(variants_on_unicorn)
{
    struct classify_engine engine;
    struct classify_rows rows;
    const struct classify_row *row;
    struct classify_result result;
    struct problem problem;

    if (!has_unicorn())
        return;
    ck_assert(classify_rows_init(&rows, VARIANT_BIT(jrst) | VARIANT_BIT(lra)));
    classified_open(&engine, "unicorn", false);
    classify_bench_break(&engine.bench, VARIANT_BIT(jrst) | VARIANT_BIT(lra));
    ck_assert(!classify_rows_find(&rows, "sret", &row, &problem));
    classify_row_run(&engine.bench, row, &classified_usual, &result);
    ck_assert(classify_counters(&result, 1) && !classify_counters(&result, 3));
    ck_assert(!classify_rows_find(&rows, "lra", &row, &problem));
    classify_row_run(&engine.bench, row, &classified_usual, &result);
    ck_assert(result.user_violations & CLASSIFY_BIT(CLASSIFY_LOCATION));
    classify_engine_close(&engine);
    classify_rows_fini(&rows);
}
END_TEST

/* ---- Slow clocks ---- */

/* An instruction that PZ32 does not have, which moves only between the two passes. */
static uint32_t slow_clock;

static void clock_moves(void)
{
    slow_clock++;
}

static const struct engine_ops *inner_ops;

static void run_clock(struct engine *engine, struct hart *hart, uint64_t budget,
                      struct engine_exit *exit)
{
    inner_ops->run(engine, hart, budget, exit);
    if (exit->stop != ENGINE_TRAP || exit->trap.cause != CAUSE_ILLEGAL_INSN)
        return;
    hart->x[5] = slow_clock;
    hart->pc += 4;
    hart->retired++;
    exit->stop = ENGINE_BUDGET;
}

START_TEST(slow_clocks_are_found)
{
    struct engine_ops ops;
    struct classify_engine engine;
    struct classify_rows rows;
    const struct classify_row *row;
    struct classify_result result;
    struct problem problem;

    ck_assert(classify_rows_init(&rows, 0));
    classified_open(&engine, "spec", false);
    inner_ops = engine.bench.engine->ops;
    ops = *inner_ops;
    ops.run = run_clock;
    engine.bench.engine->ops = &ops;
    ck_assert(!classify_rows_find(&rows, "csrrs.hpmcounter3h", &row, &problem));
    classify_row_run(&engine.bench, row, &classified_usual, &result);
    ck_assert(!classify_counters(&result, 1));
    engine.bench.sleep = clock_moves;
    ck_assert(classify_clocks(&engine.bench, &result, 1));
    ck_assert(classify_counters(&result, 1));
    ck_assert(classify_counters(&result, 3));
    classified_check_witnesses(&engine, &result);
    classify_engine_close(&engine);
    classify_rows_fini(&rows);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("classify");
    TCase *tcase = tcase_create("classify");
    SRunner *runner = srunner_create(suite);
    int failed;

    tcase_add_loop_test(tcase, as_the_tables_claim, 0, (int)engines_count);
    ADD_JIT_TESTS(tcase);
    tcase_add_test(tcase, real_violations_on_unicorn);
    tcase_add_test(tcase, variants_on_unicorn);
    tcase_add_loop_test(tcase, no_planted_fault_escapes, 0, PLANTED_FAULTS);
    tcase_add_loop_test(tcase, variants_as_claimed, 0, VARIANT_COUNT);
    tcase_add_test(tcase, slow_clocks_are_found);
    suite_add_tcase(suite, tcase);
    srunner_run_all(runner, CK_ENV);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
