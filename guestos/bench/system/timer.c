/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * timer.c - the CRC of compute/crc.c with a timer interrupt every millisecond of the guest.
 */
#include "user.h"

enum { HZ = 1000 };

void bench_main(uint32_t count)
{
    uint32_t first;

    compute_setup();
    first = compute_once();
    (void)system_call(CALL_TIMER, HZ, 0, 0);
    mark(MARK_RUN);
    for (uint32_t i = 0; i < count; i++)
        if (compute_once() != first)
            (void)system_call(CALL_EXIT, 1, 0, 0);
    mark(MARK_END);
    (void)system_call(CALL_TIMER, 0, 0, 0);
    result(first);
}
