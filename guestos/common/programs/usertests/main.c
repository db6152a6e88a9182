/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * main.c - usertests [NAME]: runs every test, or one, each in a child, and checks that the
 * kernel has as many free pages afterwards as it had before. Ends with one line for machines to
 * read.
 */
#include "usertests.h"

struct test {
    const char *name;
    void (*run)(void);
};

static const struct test tests[] = {
#define TEST(name) {#name, test_##name},
#include "tests.def"
#undef TEST
};

enum { TESTS = sizeof(tests) / sizeof(tests[0]) };

static bool run_test(const struct test *t)
{
    uint32_t before = free_pages();
    int status = run_child(t->run);
    uint32_t after = free_pages();

    if (status == 0 && before == after) {
        printf("test %s: ok\n", t->name);
        return true;
    }
    if (status != 0)
        printf("test %s: FAILED\n", t->name);
    else
        printf("test %s: FAILED, %d pages leaked\n", t->name, (int)(before - after));
    return false;
}

static void nothing(void)
{
}

int main(int argc, char **argv)
{
    const char *only = argc == 2 ? argv[1] : NULL;
    int passed = 0, failed = 0;

    if (argc > 2) {
        dprintf(2, "usage: usertests [NAME]\n");
        return 2;
    }
    run_child(
        nothing); /* after the first fork our own pages do not change in number any more */
    for (int i = 0; i < TESTS; i++) {
        if (only && strcmp(only, tests[i].name) != 0)
            continue;
        if (run_test(&tests[i]))
            passed++;
        else
            failed++;
    }
    printf("usertests: %d passed, %d failed\n", passed, failed);
    return failed != 0 || passed == 0;
}
