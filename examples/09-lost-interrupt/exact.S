/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * exact - the interrupt arrives at its time and not a tick later, while the guest causes no
 * exits.
 */
#include "timer.inc"

main:
    HANDLER handler
    AHEAD 101
    LISTEN STIP, 1
    li s5, 1000
1:  addi s5, s5, -1
    bnez s5, 1b
    li a0, __LINE__
    j fail

    .balign 4
handler:
    TAKEN
    IS(s3, TIMER_INTERRUPT)
    CHECK(s1, s0)
    j pass
