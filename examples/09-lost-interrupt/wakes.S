/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * wakes - WFI waits for the deadline, which is far: the interrupt is taken right behind it, and
 * `time` has come to the deadline, though hardly an instruction has been executed.
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
