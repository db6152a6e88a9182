/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * wakes - WFI waits for a distant deadline: the interrupt is taken right after it, and `time`
 * has reached the deadline, though hardly any instruction was executed.
 */
#include "timer.inc"

main:
    HANDLER handler
    AHEAD 5000000
    LISTEN STIP, 1
    wfi
2:  li a0, __LINE__
    j fail

    .balign 4
handler:
    TAKEN
    IS(s3, TIMER_INTERRUPT)
    la t1, 2b
    CHECK(s2, t1)
    CHECK(s1, s0)
    j pass
