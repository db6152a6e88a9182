/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * engine_suite.h - the main() of a Check program that holds every engine of the build to the
 * contract: each test runs once an engine, `_i` being its row in engine_makers[].
 */
#ifndef PZ_TESTS_SUPPORT_ENGINE_SUITE_H
#define PZ_TESTS_SUPPORT_ENGINE_SUITE_H

#include "tests/support/machine.h"
#include "tests/support/suite.h"

static inline int engine_suite_run(const char *name, const TTest *const *tests, size_t count)
{
    Suite *suite = suite_create(name);
    TCase *tcase = tcase_create(name);
    SRunner *runner;
    int failed;

    for (size_t i = 0; i < count; i++)
        tcase_add_loop_test(tcase, tests[i], 0, (int)engine_maker_count);
    suite_add_tcase(suite, tcase);
    runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

#define ENGINE_SUITE_MAIN(name, ...)                                                           \
    int main(void)                                                                             \
    {                                                                                          \
        const TTest *const tests[] = {__VA_ARGS__};                                            \
                                                                                               \
        return engine_suite_run(name, tests, sizeof tests / sizeof tests[0]);                  \
    }

/* A machine of the engine that the test is run for; END_MACHINE ends it. */
#define BEGIN_MACHINE(machine)                                                                 \
    struct machine machine;                                                                    \
    machine_init(&machine, &engine_makers[_i])
#define END_MACHINE(machine) machine_fini(&machine)

/* The run ended with this trap, at this pc, after so many instructions in all. */
#define ck_trapped(machine, cause_, tval_, pc_, retired_)                                      \
    do {                                                                                       \
        ck_assert_msg((machine)->exit.stop == ENGINE_TRAP, "%s: stop %d, pc %#x, no trap",     \
                      (machine)->maker->name, (machine)->exit.stop, (machine)->hart.pc);       \
        ck_assert_msg((machine)->exit.trap.cause == (cause_) &&                                \
                          (machine)->exit.trap.tval == (tval_),                                \
                      "%s: cause %u tval %#x, not %u %#x", (machine)->maker->name,             \
                      (machine)->exit.trap.cause, (machine)->exit.trap.tval,                   \
                      (unsigned)(cause_), (unsigned)(tval_));                                  \
        ck_assert_uint_eq((machine)->hart.pc, (pc_));                                          \
        ck_assert_uint_eq((machine)->hart.retired, (retired_));                                \
    } while (0)

/* The budget was used up, at this pc, after so many instructions in all. */
#define ck_budget_used(machine, pc_, retired_)                                                 \
    do {                                                                                       \
        ck_assert_msg((machine)->exit.stop == ENGINE_BUDGET, "%s: stop %d cause %u at %#x",    \
                      (machine)->maker->name, (machine)->exit.stop,                            \
                      (machine)->exit.trap.cause, (machine)->hart.pc);                         \
        ck_assert_uint_eq((machine)->hart.pc, (pc_));                                          \
        ck_assert_uint_eq((machine)->hart.retired, (retired_));                                \
    } while (0)

#endif
