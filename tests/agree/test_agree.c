/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_agree.c - every engine against `spec` on random programs, ten million instructions or more
 * in all. PZ_SEED selects other programs ("clock": new ones each time), PZ_AGREE_INSNS the number
 * of instructions. A failure prints the shortest program that shows it; tests/fuzz/campaign.c does
 * the same for any length of time. tests/unit/engine/test_engine_traps.c runs all compressed
 * encodings and a sample of the others one by one.
 */
#include "tests/support/compare.h"
#include "tests/support/random.h"
#include "tests/support/suite.h"

#define USUAL_SEED 20240601u
/* clang's build is there for the system's Unicorn, gcc's for all programs. */
#ifdef __clang__
#define USUAL_INSNS 3000000u
#else
#define USUAL_INSNS 10000000u
#endif

static uint64_t wanted_insns(void)
{
    const char *text = getenv("PZ_AGREE_INSNS");

    return text ? strtoull(text, NULL, 0) : USUAL_INSNS;
}

static void report(const struct comparison *comparison, struct program *program)
{
    fprintf(stderr, "%s\n", comparison->difference);
    if (!comparison_shrink(comparison, program))
        fprintf(stderr, "(not so on new engines: what ran before matters)\n");
    program_print(program, stderr);
    ck_abort_msg("PZ_SEED=%llu: %s, run %u", (unsigned long long)program->seed,
                 comparison->difference, comparison->failed_run);
}

/* A program that does nothing but trap would compare little. */
static void check_mixture(const struct comparison *comparison)
{
    static const uint8_t expected[] = {
        CAUSE_ILLEGAL_INSN,     CAUSE_BREAKPOINT,       CAUSE_LOAD_MISALIGNED,
        CAUSE_STORE_MISALIGNED, CAUSE_ECALL_USER,       CAUSE_INSN_PAGE_FAULT,
        CAUSE_LOAD_PAGE_FAULT,  CAUSE_STORE_PAGE_FAULT,
    };

    for (unsigned i = 0; i < sizeof expected; i++)
        ck_assert_msg(comparison->traps[expected[i]] > 10, "cause %u came up %u times",
                      expected[i], (unsigned)comparison->traps[expected[i]]);
}

/* The same of non-root mode: of traps that leave it, and of those that stay. */
static void check_non_root(const struct comparison *comparison)
{
    static const uint8_t expected[] = {
        CAUSE_ECALL_VIRTUAL,         CAUSE_VIRTUAL_INSN,           CAUSE_INSN_GUEST_PAGE_FAULT,
        CAUSE_LOAD_GUEST_PAGE_FAULT, CAUSE_STORE_GUEST_PAGE_FAULT,
    };

    for (unsigned i = 0; i < sizeof expected; i++)
        ck_assert_msg(comparison->traps[expected[i]] > 10, "cause %u came up %u times",
                      expected[i], (unsigned)comparison->traps[expected[i]]);
    ck_assert_uint_gt(comparison->delivered, 100);
}

static void check_agreement(const struct engine_maker *tested, uint64_t wanted)
{
    struct comparison comparison;
    struct program program;
    uint64_t seed = rng_seed(USUAL_SEED);

    comparison_open(&comparison, &engine_makers[0], tested);
    for (unsigned count = 0; comparison.retired < wanted; count++, seed++) {
        program_make(&program, seed, comparison.sides[1].engine->ops);
        if (!comparison_run(&comparison, &program))
            report(&comparison, &program);
        if (count % 256 == 0)
            ck_assert(comparison_same_ram(&comparison));
    }
    ck_assert(comparison_same_ram(&comparison));
    if (wanted >= USUAL_INSNS)
        check_mixture(&comparison);
    if (wanted >= USUAL_INSNS &&
        (comparison.sides[1].engine->ops->abilities & ENGINE_SECOND_STAGE))
        check_non_root(&comparison);
    comparison_close(&comparison);
}

START_TEST(test_random_programs)
{
    check_agreement(&engine_makers[_i], wanted_insns());
}
END_TEST

/* A tenth of it: they throw away what they have translated. */
START_TEST(test_odd_engines)
{
    for (const struct engine_maker *maker = engine_odd_makers; maker->name; maker++)
        check_agreement(maker, wanted_insns() / 10);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("agree");
    TCase *tcase = tcase_create("random programs");
    SRunner *runner = srunner_create(suite);
    int failed;

    tcase_add_loop_test(tcase, test_random_programs, 1, (int)engine_maker_count);
    tcase_add_test(tcase, test_odd_engines);
    suite_add_tcase(suite, tcase);
    srunner_run_all(runner, CK_ENV);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
