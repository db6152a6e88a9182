/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fork.c - fork, exec and wait: an address space copied, replaced, used and taken apart.
 */
#include "user.h"

enum { BYTES = 16384, WARM_UP = 2 };

static uint8_t data[BYTES]; /* what a fork has to copy */

static void child(uint32_t argument)
{
    for (uint32_t i = 0; i < BYTES; i += PAGE_SIZE)
        data[i] = (uint8_t)argument;
    (void)system_call(CALL_EXIT, argument * 2 + data[0], 0, 0);
}

static uint32_t once(uint32_t argument)
{
    if (!system_call(CALL_FORK, 0, 0, 0))
        (void)system_call(CALL_EXEC, (uint32_t)child, argument, 0);
    return system_call(CALL_WAIT, 0, 0, 0);
}

void bench_main(uint32_t count)
{
    uint32_t sum = once(7);

    data[1] = 1;
    for (uint32_t i = 0; i < WARM_UP; i++)
        (void)once(i);
    mark(MARK_RUN);
    for (uint32_t i = 0; i < count; i++)
        if (once(7) != sum)
            (void)system_call(CALL_EXIT, 1, 0, 0);
    mark(MARK_END);
    result(sum);
}
