/* SPDX-License-Identifier: GPL-2.0-or-later */
/* suite.h - the main() of a Check program: one suite, one case for each array of tests. */
#ifndef PZ_TESTS_SUPPORT_SUITE_H
#define PZ_TESTS_SUPPORT_SUITE_H

#include <check.h>
#include <stddef.h>
#include <stdlib.h>

/* Runs `count` tests as one case; the program's exit status. */
static inline int suite_run(const char *name, const TTest *const *tests, size_t count)
{
    Suite *suite = suite_create(name);
    TCase *tcase = tcase_create(name);
    SRunner *runner;
    int failed;

    for (size_t i = 0; i < count; i++)
        tcase_add_test(tcase, tests[i]);
    suite_add_tcase(suite, tcase);
    runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

/* main() for a list of START_TEST names. */
#define SUITE_MAIN(name, ...)                                                                  \
    int main(void)                                                                             \
    {                                                                                          \
        const TTest *const tests[] = {__VA_ARGS__};                                            \
                                                                                               \
        return suite_run(name, tests, sizeof tests / sizeof tests[0]);                         \
    }

#endif
