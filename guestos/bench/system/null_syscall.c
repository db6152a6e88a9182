/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * null_syscall.c - a system call that does nothing, the way a kernel takes one: everything saved.
 */
#include "user.h"

enum { WARM_UP = 16 };

static void run(uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        (void)system_call(CALL_NULL, 0, 0, 0);
}

void bench_main(uint32_t count)
{
    run(WARM_UP);
    mark(MARK_RUN);
    run(count);
    mark(MARK_END);
    result(0x5a5a);
}
