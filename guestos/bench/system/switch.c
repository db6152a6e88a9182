/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * switch.c - context switches among BENCH_ARGUMENT processes, each with work of its own to find
 * again.
 */
#include "user.h"

enum { PROCESSES = BENCH_ARGUMENT, WARM_UP = 4 };

static uint32_t cell; /* one in each process */

static uint32_t turns(uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        (void)system_call(CALL_YIELD, 0, 0, 0);
        cell++;
    }
    return cell;
}

/* All but the first do as many turns as the first, and then only wait for the end. */
static void child(uint32_t count)
{
    (void)turns(WARM_UP + count);
    (void)system_call(CALL_EXIT, 0, 0, 0);
}

void bench_main(uint32_t count)
{
    uint32_t each = count / PROCESSES + 1, sum;

    for (uint32_t i = 1; i < PROCESSES; i++)
        if (!system_call(CALL_FORK, 0, 0, 0))
            child(each);
    sum = turns(WARM_UP);
    mark(MARK_RUN);
    if (turns(each) != sum + each)
        (void)system_call(CALL_EXIT, 1, 0, 0);
    mark(MARK_END);
    for (uint32_t i = 1; i < PROCESSES; i++)
        (void)system_call(CALL_WAIT, 0, 0, 0);
    result(sum);
}
