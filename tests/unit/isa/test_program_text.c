/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_program_text.c - a random program is read from its file as it was written, or refused. */
#include "tests/support/program_text.h"
#include "tests/support/suite.h"

static bool read_text(struct program *program, const char *text, size_t len, unsigned *line)
{
    FILE *file = fmemopen((void *)(uintptr_t)text, len, "r");
    bool good;

    ck_assert_ptr_nonnull(file);
    good = program_read(program, file, line);
    fclose(file);
    return good;
}

static void write_text(const struct program *program, char **text, size_t *len)
{
    FILE *file = open_memstream(text, len);

    ck_assert_ptr_nonnull(file);
    program_write(program, file);
    ck_assert_int_eq(fclose(file), 0);
}

START_TEST(test_there_and_back)
{
    for (uint64_t seed = 0; seed < 200; seed++) {
        struct program before, after;
        char *first, *second;
        size_t first_len, second_len;
        unsigned line;

        program_make(&before, seed, NULL);
        write_text(&before, &first, &first_len);
        ck_assert_msg(read_text(&after, first, first_len, &line), "line %u", line);
        ck_assert_mem_eq(&before.x, &after.x, sizeof before.x);
        write_text(&after, &second, &second_len);
        ck_assert_uint_eq(first_len, second_len);
        ck_assert_mem_eq(first, second, first_len);
        free(first);
        free(second);
    }
}
END_TEST

START_TEST(test_refused)
{
    static const char *const texts[] = {
        "something else\n",
        "random program 1\n",                                        /* nothing in it */
        "random program 1\nitem 0x13 -1 0\n",                        /* no run */
        "random program 1\nitem 0x13 7 0\nrun 0 0 0 5 0\n",          /* jumps to no item */
        "random program 1\nitem 0x13 -1 0\nrun 9 0 0 5 0\n",         /* no such event */
        "random program 1\nitem 0x13 -1 0\nrun 0 0 0 5 0\nx 32 1\n", /* no such register */
        "random program 1\nworld 4\nitem 0x13 -1 0\nrun 0 0 0 5 0\n",
        "random program 1\ncolour 3\n",
    };
    struct program program;
    unsigned line;

    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        ck_assert_msg(!read_text(&program, texts[i], strlen(texts[i]), &line), "%s", texts[i]);
}
END_TEST

SUITE_MAIN("program text", test_there_and_back, test_refused)
