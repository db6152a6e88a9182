/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * answer.c - a library system for one task: a server that answers words, in an environment and a
 * group of its own, and its client. What the two need of an operating system is a way to each
 * other, so the library is that: no processes, no pipes, no buffers, no scheduler. The task is
 * that of the common program pingpong; @answer:N does it N times.
 */
#include "flat.h"
#include "string.h"

enum { DEFAULT_ROUNDS = 1000, SERVER_PAGES = 80, MANY = 1000000 };

/* Each word, plus one. */
static void serve(void)
{
    struct exo_message m;

    flat_save->accepts = 0xff; /* whoever asks */
    for (exo_reply(&m);; exo_reply(&m))
        m.word[0]++;
}

static int32_t start_server(void)
{
    int32_t group = exo_group_create(SERVER_PAGES, 1), env;

    if (group < 0)
        return group;
    env = flat_new_environment(flat_file("answer"), "serve", (uint32_t)group);
    if (env >= 0) {
        exo_slice_alloc((uint32_t)env, NONE);
        exo_env_start((uint32_t)env);
    }
    return env;
}

static uint32_t number(const char *text)
{
    uint32_t n = 0;

    for (; *text >= '0' && *text <= '9' && n < MANY; text++)
        n = n * 10 + (uint32_t)(*text - '0');
    return n ? n : DEFAULT_ROUNDS;
}

/* How many answers were wrong, or did not come. */
static uint32_t ask(uint32_t server, uint32_t n)
{
    uint32_t wrong = 0;

    for (uint32_t i = 0; i < n; i++) {
        struct exo_message m = {{i}};

        wrong += exo_call(server, &m) != 0 || m.word[0] != i + 1;
    }
    return wrong;
}

void flat_main(const char *arguments, uint32_t image_table)
{
    struct exo_message m = {{0}};
    uint32_t n = number(arguments), ns = 1000000000 / flat_info->timebase, wrong;
    int32_t server;
    uint64_t start;

    (void)image_table;
    if (strcmp(arguments, "serve") == 0)
        serve();
    server = start_server();
    while (server >= 0 && exo_call((uint32_t)server, &m) < 0 &&
           exo_env_status((uint32_t)server) == 0)
        exo_yield((uint32_t)server);
    start = exo_time();
    wrong = ask((uint32_t)server, n);
    flat_print("answer: %u times, %u ns each, %u wrong\n", n,
               (uint32_t)(exo_time() - start) * ns / n, wrong);
    exo_group_end(wrong != 0);
    for (;;)
        ;
}
