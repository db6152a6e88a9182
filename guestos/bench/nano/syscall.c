/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * syscall.c - Adams and Agesen's system call: there and back, and nothing saved.
 */
#include "user.h"

enum { WARM_UP = 16 };

static void run(uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        (void)system_call(CALL_NULL, 0, 0, 0);
}

static void base(uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        asm volatile("" : : : "memory");
}

void bench_main(uint32_t count)
{
    (void)system_call(CALL_FAST, 0, 0, 0);
    run(WARM_UP);
    mark(MARK_BASE);
    base(count);
    mark(MARK_END);
    mark(MARK_RUN);
    run(count);
    mark(MARK_END);
    result(0xa5a5);
}
