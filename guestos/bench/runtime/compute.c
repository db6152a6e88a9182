/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * compute.c - the frame around the compute workloads: once to warm up, then `count` times. A
 * repetition that gives another result than the first ends the run as a failure.
 */
#include "user.h"

void bench_main(uint32_t count)
{
    uint32_t first;

    compute_setup();
    first = compute_once();
    mark(MARK_RUN);
    for (uint32_t i = 0; i < count; i++)
        if (compute_once() != first)
            (void)system_call(CALL_EXIT, 1, 0, 0);
    mark(MARK_END);
    result(first);
}
