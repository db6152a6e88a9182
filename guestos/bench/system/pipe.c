/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * pipe.c - ping-pong: 64 bytes to another process and back, through two pipes.
 */
#include "user.h"

enum { PING, PONG, WORDS = 16, WARM_UP = 4 };

static uint32_t message[WORDS];

static void child(void)
{
    for (;;) {
        (void)system_call(CALL_RECEIVE, PING, (uint32_t)message, sizeof message);
        message[1] = message[0] + 1;
        (void)system_call(CALL_SEND, PONG, (uint32_t)message, sizeof message);
        if (!message[0])
            (void)system_call(CALL_EXIT, 0, 0, 0);
    }
}

static uint32_t once(uint32_t value)
{
    message[0] = value;
    (void)system_call(CALL_SEND, PING, (uint32_t)message, sizeof message);
    (void)system_call(CALL_RECEIVE, PONG, (uint32_t)message, sizeof message);
    return message[1];
}

void bench_main(uint32_t count)
{
    if (!system_call(CALL_FORK, 0, 0, 0))
        child();
    for (uint32_t i = 1; i <= WARM_UP; i++)
        (void)once(i);
    mark(MARK_RUN);
    for (uint32_t i = 1; i <= count; i++)
        if (once(i) != i + 1)
            (void)system_call(CALL_EXIT, 1, 0, 0);
    mark(MARK_END);
    result(once(0));
}
