/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * churn.c - the pages at two addresses change places, with a fence for each, and are read.
 */
#include "user.h"

enum { PAGES = 32, WARM_UP = 2 * PAGES };

static volatile uint32_t *page(uint32_t i)
{
    return (volatile uint32_t *)(ARENA + i % PAGES * PAGE_SIZE);
}

/* Each time round all pages have moved up by one place; what is read says so. */
static uint32_t run(uint32_t count)
{
    uint32_t sum = 0;

    for (uint32_t i = 0; i < count; i++) {
        (void)system_call(CALL_REMAP, (uint32_t)page(i), (uint32_t)page(i + 1), 0);
        sum = mix(sum, *page(i) * PAGES + *page(i + 1));
    }
    return sum;
}

void bench_main(uint32_t count)
{
    uint32_t sum;

    map(ARENA, PAGES);
    for (uint32_t i = 0; i < PAGES; i++)
        *page(i) = i;
    sum = run(WARM_UP);
    mark(MARK_RUN);
    (void)run(count);
    mark(MARK_END);
    result(sum);
}
