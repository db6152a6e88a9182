/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_stops.c - every engine against item 9 of the contract in engine.h: on random programs,
 * deprivileged and native, some of which rewrite themselves, with random stops that change now
 * and then, it stops where a run in single steps finds one, and nowhere else; and the program does
 * the same as without stops. PZ_SEED and PZ_AGREE_INSNS as in test_agree.c.
 */
#include "tests/support/stopped.h"
#include "tests/support/suite.h"

#define USUAL_SEED 11u
#define USUAL_INSNS 1000000u

static uint64_t wanted_insns(void)
{
    const char *text = getenv("PZ_AGREE_INSNS");

    return text ? strtoull(text, NULL, 0) : USUAL_INSNS;
}

static void check_stops(const struct engine_maker *tested, uint64_t wanted, bool thousands)
{
    static struct stopped stopped;
    struct comparison comparison;
    struct program program;
    uint64_t seed = rng_seed(USUAL_SEED);

    stopped_begin(&stopped, seed, thousands);
    comparison_open(&comparison, &engine_makers[0], tested);
    comparison.stops = &stopped;
    for (; comparison.retired < wanted; seed++) {
        program_make(&program, seed, comparison.sides[1].engine->ops);
        if (comparison_run(&comparison, &program))
            continue;
        program_print(&program, stderr);
        ck_abort_msg("PZ_SEED=%llu: %s, run %u", (unsigned long long)program.seed,
                     comparison.difference, comparison.failed_run);
    }
    ck_assert(comparison_same_ram(&comparison));
    ck_assert_uint_gt(stopped.hits, wanted / 4000);
    ck_assert(thousands || stopped.accesses > wanted / 10000); /* else an address comes first */
    comparison_close(&comparison);
}

START_TEST(test_a_few)
{
    check_stops(&engine_makers[_i], wanted_insns(), false);
}
END_TEST

START_TEST(test_thousands)
{
    check_stops(&engine_makers[_i], wanted_insns() / 50, true);
}
END_TEST

START_TEST(test_odd_engines)
{
    for (const struct engine_maker *maker = engine_odd_makers; maker->name; maker++)
        check_stops(maker, wanted_insns() / 5, false);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("stops");
    TCase *tcase = tcase_create("random programs");
    SRunner *runner = srunner_create(suite);
    int failed;

    tcase_add_loop_test(tcase, test_a_few, 0, (int)engine_maker_count);
    tcase_add_loop_test(tcase, test_thousands, 0, (int)engine_maker_count);
    tcase_add_test(tcase, test_odd_engines);
    suite_add_tcase(suite, tcase);
    srunner_run_all(runner, CK_ENV);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
