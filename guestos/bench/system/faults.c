/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * faults.c - memory that comes when it is touched, 128 pages at a time, and goes again.
 */
#include "user.h"

enum { PAGES = 128 };

static uint32_t touch(uint32_t pages)
{
    uint32_t sum = 0;

    for (uint32_t i = 0; i < pages; i++) {
        volatile uint32_t *word = (volatile uint32_t *)(ARENA + i * PAGE_SIZE);

        sum += *word;
        *word = i;
    }
    (void)system_call(CALL_UNMAP, ARENA, pages, 0);
    return sum;
}

void bench_main(uint32_t count)
{
    uint32_t sum;

    (void)system_call(CALL_DEMAND, ARENA, PAGES, 0);
    sum = touch(PAGES);
    mark(MARK_RUN);
    for (uint32_t left = count; left;) {
        uint32_t pages = left < PAGES ? left : PAGES;

        sum |= touch(pages);
        left -= pages;
    }
    mark(MARK_END);
    result(sum + PAGES);
}
