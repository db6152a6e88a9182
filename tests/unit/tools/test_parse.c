/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_parse.c - numbers, sizes and names as people write them; figures as pz prints them. */
#include <string.h>

#include "tests/support/suite.h"
#include "tools/base/nearest.h"
#include "tools/base/parse.h"
#include "tools/base/text.h"

static const struct parse_range all = {0, UINT64_MAX - 1};

START_TEST(test_counts)
{
    static const struct {
        const char *text;
        uint64_t value;
    } good[] = {{"0", 0},
                {"7", 7},
                {"5_000", 5000},
                {"1_0_0", 100},
                {"5k", 5000},
                {"5K", 5000},
                {"2M", 2000000},
                {"3G", 3000000000},
                {"0x10", 16},
                {"0XfF", 255},
                {"18446744073709551614", UINT64_MAX - 1}};
    struct problem problem;
    uint64_t value;

    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        ck_assert_msg(!parse_count("--n", good[i].text, all, &value, &problem), "%s",
                      good[i].text);
        ck_assert_uint_eq(value, good[i].value);
    }
}
END_TEST

START_TEST(test_not_counts)
{
    static const char *const bad[] = {"",   " 1",  "1 ", "-1", "+1",  "1.5",  "k",   "1x",
                                      "0x", "1kk", "_1", "1_", "1__", "0x_1", "1e3", "ten"};
    struct problem problem;
    uint64_t value;

    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        ck_assert_msg(parse_count("--n", bad[i], all, &value, &problem) == PZ_USAGE,
                      "'%s' was read as %llu", bad[i], (unsigned long long)value);
        ck_assert(strstr(problem.text, "--n: '") && strstr(problem.text, "is not a number"));
    }
}
END_TEST

/* Nothing wraps: 2^64 is not 0, with a unit neither. */
START_TEST(test_too_large)
{
    static const char *const large[] = {"18446744073709551615",    "18446744073709551616",
                                        "99999999999999999999999", "18446744073709552k",
                                        "0x1_0000_0000_0000_0000", "20000000000G"};
    struct problem problem;
    uint64_t value;

    for (size_t i = 0; i < sizeof large / sizeof large[0]; i++) {
        ck_assert_msg(parse_count("--n", large[i], all, &value, &problem) == PZ_USAGE, "%s",
                      large[i]);
        ck_assert(strstr(problem.text, "out of range"));
    }
}
END_TEST

START_TEST(test_sizes)
{
    const struct parse_range range = {64 << 10, 1 << 20};
    struct problem problem;
    uint64_t value;

    ck_assert(!parse_size("--mem", "64K", range, &value, &problem));
    ck_assert_uint_eq(value, 65536);
    ck_assert(!parse_size("--mem", "1M", range, &value, &problem));
    ck_assert_uint_eq(value, 1 << 20);
    ck_assert(parse_size("--mem", "65535", range, &value, &problem) == PZ_USAGE);
    ck_assert_str_eq(problem.text, "--mem: 65535 is out of range: from 64K to 1M");
    ck_assert(parse_size("--mem", "12Q", range, &value, &problem) == PZ_USAGE);
    ck_assert(strstr(problem.text, "'12Q' is not a size"));
}
END_TEST

START_TEST(test_choices)
{
    static const char *const names[] = {"lazy", "trace", "flush"};
    struct problem problem;
    unsigned index;

    ck_assert(!parse_choice("--shadow", "flush", names, 3, &index, &problem));
    ck_assert_uint_eq(index, 2);
    ck_assert(parse_choice("--shadow", "fl", names, 3, &index, &problem) == PZ_USAGE);
    ck_assert_str_eq(problem.text,
                     "--shadow: there is no 'fl': choose one of lazy, trace, flush");
}
END_TEST

START_TEST(test_nearest)
{
    static const char *const names[] = {"run", "bare", "verify", "map", "doctor", "version"};
    static const struct {
        const char *text, *nearest;
    } cases[] = {
        {"rum", "run"},       {"verfy", "verify"},
        {"docter", "doctor"}, {"versoin", "version"},
        {"bar", "bare"},      {"", NULL},
        {"qqqqqq", NULL},     {"a-very-long-word-that-is-nothing-like-any-of-them", NULL}};

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const char *found = nearest_name(cases[i].text, names, 6);

        if (cases[i].nearest)
            ck_assert_str_eq(found, cases[i].nearest);
        else
            ck_assert_msg(!found, "'%s' is taken for '%s'", cases[i].text, found);
    }
}
END_TEST

START_TEST(test_figures)
{
    char text[TEXT_NUMBER];

    ck_assert_str_eq(text_grouped(0, text), "0");
    ck_assert_str_eq(text_grouped(999, text), "999");
    ck_assert_str_eq(text_grouped(1000, text), "1,000");
    ck_assert_str_eq(text_grouped(UINT64_MAX, text), "18,446,744,073,709,551,615");
    ck_assert_str_eq(text_duration(0, text), "0 ns");
    ck_assert_str_eq(text_duration(1500, text), "1.50 us");
    ck_assert_str_eq(text_duration(2500000000u, text), "2.50 s");
    ck_assert_str_eq(text_size(4096, text), "4 KiB");
    ck_assert_str_eq(text_size(1536, text), "1.5 KiB");
    ck_assert_str_eq(text_share(999999, text), "99.99 %");
    ck_assert_str_eq(text_share(1000000, text), "100.00 %");
}
END_TEST

/* A problem never outgrows its buffer, whatever a file is called. */
START_TEST(test_problems)
{
    struct problem problem;
    char name[5000];

    memset(name, 'n', sizeof name);
    name[sizeof name - 1] = '\0';
    ck_assert(problem_set(&problem, PZ_USAGE, "%s is wrong", name) == PZ_USAGE);
    ck_assert_uint_eq(strlen(problem.text), PROBLEM_TEXT - 1);
    problem_set(&problem, PZ_USAGE, "is empty");
    problem_prefix(&problem, name);
    ck_assert_uint_lt(strlen(problem.text), PROBLEM_TEXT);
    ck_assert(strstr(problem.text, "nnn: is empty"));
}
END_TEST

SUITE_MAIN("parse", test_counts, test_not_counts, test_too_large, test_sizes, test_choices,
           test_nearest, test_figures, test_problems)
