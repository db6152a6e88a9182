/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * travel.c - a timeline for tests, run with scripted input and observed on the way. The
 * properties of timelines are tested in test_timeline.c.
 */
#include "tests/support/travel.h"

#include <check.h>
#include <string.h>

#define WORDS_MOST 32

static int type(void *owner, unsigned vm)
{
    struct travel *travel = owner;
    const char *script = travel->scripts[vm];

    if (!script || !script[travel->typed[vm]])
        return -1;
    return (uint8_t)script[travel->typed[vm]++];
}

static void print(void *owner, unsigned vm, const uint8_t *bytes, uint32_t len)
{
    struct travel *travel = owner;

    (void)vm, (void)bytes;
    travel->printed += len;
}

static void read_options(struct travel *travel, const char *const *words)
{
    char *argv[WORDS_MOST] = {"run"};
    struct problem problem = {0};
    int argc = 1;

    for (; *words; words++)
        argv[argc++] = (char *)(uintptr_t)*words;
    ck_assert_msg(!options_read(&travel->options, OPTIONS_RUN, argc, argv, &problem), "%s",
                  problem.text);
}

void travel_open(struct travel *travel, const char *const *words, const char *const *scripts,
                 struct travel_how how)
{
    struct timeline_config config = {
        .options = &travel->options,
        .hosts = {.console_in = type, .console_out = print, .owner = travel},
        .checkpoint_mem = how.mem,
        .interval = how.interval,
    };
    struct problem problem = {0};

    memset(travel, 0, sizeof *travel);
    read_options(travel, words);
    for (unsigned vm = 0; scripts && scripts[vm]; vm++)
        travel->scripts[vm] = scripts[vm];
    ck_assert_msg(!timeline_open(&travel->timeline, &config, &problem), "%s", problem.text);
}

void travel_close(struct travel *travel)
{
    timeline_close(travel->timeline);
    options_free(&travel->options);
}

struct travel_mark travel_mark(struct travel *travel)
{
    return (struct travel_mark){timeline_now(travel->timeline),
                                timeline_hash(travel->timeline)};
}
