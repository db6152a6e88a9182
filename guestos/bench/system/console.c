/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * console.c - lines of 64 bytes to the console, one call for each.
 */
#include "user.h"

enum { LINE = 64 };

static char line[PAGE_SIZE] __attribute__((aligned(4096))); /* firmware wants it in one page */

void bench_main(uint32_t count)
{
    for (unsigned i = 0; i < LINE - 1; i++)
        line[i] = (char)('A' + i % 26);
    line[LINE - 1] = '\n';
    mark(MARK_RUN);
    for (uint32_t i = 0; i < count; i++)
        (void)system_call(CALL_WRITE, (uint32_t)line, LINE, 0);
    mark(MARK_END);
    result(LINE);
}
