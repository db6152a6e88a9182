/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * user.c - the beginning of every user program, and the library functions that a compiler takes
 * for granted. Plain loops: what they cost is part of the workload.
 */
#include "user.h"

void user_start(uint32_t count);

__attribute__((section(".text.user_start"))) void user_start(uint32_t count)
{
    bench_main(count);
    (void)system_call(CALL_EXIT, 0, 0, 0);
}

void *memcpy(void *restrict to, const void *restrict from, size_t len)
{
    char *t = to;
    const char *f = from;

    if (((uintptr_t)t | (uintptr_t)f) % 4 == 0)
        for (; len >= 4; len -= 4, t += 4, f += 4)
            *(uint32_t *)t = *(const uint32_t *)f;
    while (len--)
        *t++ = *f++;
    return to;
}

void *memset(void *to, int byte, size_t len)
{
    char *t = to;

    while (len--)
        *t++ = (char)byte;
    return to;
}
