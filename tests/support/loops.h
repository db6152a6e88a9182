/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * loops.h - the main() of a Check program whose tests run several times each, for engines,
 * policies or guests: `_i` counts from 0. What the numbers mean is each test's.
 */
#ifndef PZ_TESTS_SUPPORT_LOOPS_H
#define PZ_TESTS_SUPPORT_LOOPS_H

#include <check.h>
#include <stddef.h>
#include <stdlib.h>

struct loop {
    const TTest *test;
    unsigned times;
};

/* Runs all as one case; the program's exit status. */
static inline int loops_run(const char *name, const struct loop *loops, size_t count)
{
    Suite *suite = suite_create(name);
    TCase *tcase = tcase_create(name);
    SRunner *runner;
    int failed;

    for (size_t i = 0; i < count; i++)
        tcase_add_loop_test(tcase, loops[i].test, 0, (int)loops[i].times);
    suite_add_tcase(suite, tcase);
    runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

#define LOOPS_RUN(name, loops) loops_run(name, loops, sizeof(loops) / sizeof(loops)[0])

#endif
