/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * run_nano.c - the frame around the nanobenchmarks: a few to warm up, the empty loop, the loop.
 */
#include "nano.h"

enum { WARM_UP = 16 };

void bench_start(uint32_t count)
{
    uint32_t sum;

    nano_setup();
    sum = nano_base(WARM_UP) ^ nano_run(WARM_UP);
    print_mark(MARK_BASE);
    (void)nano_base(count);
    print_mark(MARK_END);
    print_mark(MARK_RUN);
    (void)nano_run(count);
    print_mark(MARK_END);
    print_result(sum);
}
