/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_consoles.c - how the output of several guests is combined, byte by byte; and what is typed
 * at them.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "tests/support/suite.h"
#include "tools/host/consoles.h"
#include "tools/host/input.h"

static struct consoles consoles;
static char *output;
static size_t output_len;
static FILE *stream;

static void start(unsigned count, struct consoles_style style)
{
    struct problem problem;

    stream = open_memstream(&output, &output_len);
    ck_assert_ptr_nonnull(stream);
    ck_assert(!consoles_open(&consoles, stream, count, style, &problem));
}

static void put(unsigned vm, const char *text)
{
    consoles_put(&consoles, vm, (const uint8_t *)text, strlen(text));
}

static void shows(const char *text)
{
    consoles_flush(&consoles);
    ck_assert_str_eq(output, text);
}

static void stop(void)
{
    consoles_close(&consoles);
    fclose(stream);
    free(output);
}

START_TEST(test_alone)
{
    start(1, (struct consoles_style){0});
    put(0, "no line");
    put(0, " yet\nmore\033[2J");
    consoles_finish(&consoles);
    shows("no line yet\nmore\033[2J");
    stop();
}
END_TEST

/* Lines are whole however they come, and the last is ended. */
START_TEST(test_lines)
{
    start(3, (struct consoles_style){.prefix = true});
    put(0, "a");
    put(1, "x\ny");
    put(0, "b\n\nc");
    shows("[vm1] x\n[vm0] ab\n[vm0] \n");
    put(2, "z\n");
    consoles_finish(&consoles);
    shows("[vm1] x\n[vm0] ab\n[vm0] \n[vm2] z\n[vm0] c\n[vm1] y\n");
    stop();
}
END_TEST

/* A guest that never ends its line cannot make us keep all of it. */
START_TEST(test_long_line)
{
    start(2, (struct consoles_style){.prefix = true});
    for (unsigned i = 0; i < 100000; i++)
        put(1, "0123456789");
    consoles_finish(&consoles);
    ck_assert_uint_gt(output_len, 1000000);
    ck_assert_uint_lt(output_len, 1010000);
    ck_assert_uint_lt(consoles.texts[1].room, 65536);
    stop();
}
END_TEST

START_TEST(test_color)
{
    start(2, (struct consoles_style){.prefix = true, .color = true});
    put(1, "x\n");
    consoles_flush(&consoles);
    ck_assert_int_eq(strncmp(output, "\033[3", 3), 0);
    ck_assert_ptr_nonnull(strstr(output, "m[vm1]\033[0m x\n"));
    stop();
}
END_TEST

/* On a screen the unfinished line of the VM in front stays at the bottom. */
START_TEST(test_screen)
{
    start(2, (struct consoles_style){.prefix = true, .live = true, .screen = true});
    put(0, "$ ");
    shows("[vm0] $ ");
    put(0, "l");
    shows("[vm0] $ l");
    put(1, "tick\n");
    shows("[vm0] $ l\r\033[K[vm1] tick\n[vm0] $ l");
    put(0, "s\n");
    shows("[vm0] $ l\r\033[K[vm1] tick\n[vm0] $ ls\n");
    stop();
}
END_TEST

/* Where guests share a terminal, none can make it do things. */
START_TEST(test_escapes)
{
    start(2, (struct consoles_style){.prefix = true, .live = true, .screen = true});
    put(0, "\033]0;title\a\n");
    consoles_flush(&consoles);
    ck_assert_ptr_null(strchr(output, '\033'));
    stop();
}
END_TEST

START_TEST(test_keep)
{
    start(2, (struct consoles_style){.keep = true});
    put(1, "a\nb");
    consoles_finish(&consoles);
    ck_assert_uint_eq(output_len, 0);
    ck_assert_uint_eq(consoles.texts[1].len, 3);
    ck_assert_int_eq(memcmp(consoles.texts[1].bytes, "a\nb", 3), 0);
    stop();
}
END_TEST

START_TEST(test_full)
{
    FILE *full = fopen("/dev/full", "w");
    struct problem problem;

    if (!full)
        return;
    ck_assert(!consoles_open(&consoles, full, 1, (struct consoles_style){0}, &problem));
    put(0, "lost\n");
    consoles_flush(&consoles);
    ck_assert(consoles_failed(&consoles));
    ck_assert(consoles_problem(&consoles, &problem) == PZ_HOST);
    ck_assert_ptr_nonnull(strstr(problem.text, strerror(ENOSPC)));
    consoles_close(&consoles);
    fclose(full);
}
END_TEST

/* An empty script is end of file, told once; then nothing comes any more. */
START_TEST(test_input_empty)
{
    struct input input;

    input_empty(&input, false);
    ck_assert_int_eq(input_next(&input), INPUT_EOT);
    ck_assert_int_eq(input_next(&input), INPUT_NEVER);
    ck_assert_int_eq(input_next(&input), INPUT_NEVER);
    input_none(&input);
    ck_assert_int_eq(input_next(&input), INPUT_NEVER);
    input_close(&input);
}
END_TEST

/* With a keyboard there is no end of file, and keys come in order, as many as fit. */
START_TEST(test_input_keys)
{
    struct input input;

    input_empty(&input, true);
    ck_assert_int_eq(input_next(&input), -1);
    for (unsigned i = 0; i < INPUT_KEYS + 10; i++)
        input_key(&input, (uint8_t)i);
    for (unsigned i = 0; i < INPUT_KEYS; i++)
        ck_assert_int_eq(input_next(&input), (int)(uint8_t)i);
    ck_assert_int_eq(input_next(&input), -1);
    input_key(&input, 'x');
    ck_assert_int_eq(input_next(&input), 'x');
    input_close(&input);
}
END_TEST

SUITE_MAIN("consoles", test_alone, test_lines, test_long_line, test_color, test_screen,
           test_escapes, test_keep, test_full, test_input_empty, test_input_keys)
