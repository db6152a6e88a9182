/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * masked - a masked interrupt is not lost: once unmasked, it is taken before the next
 * instruction.
 */
#include "timer.inc"

main:
    HANDLER handler
    AHEAD 20
    LISTEN STIP, 0
    li s4, 40
1:  csrr t1, sscratch
    addi s4, s4, -1
    bnez s4, 1b
    li s4, 1
    csrsi sstatus, SSTATUS_SIE
2:  li s4, 2
    li a0, __LINE__
    j fail

    .balign 4
handler:
    TAKEN
    IS(s3, TIMER_INTERRUPT)
    la t1, 2b
    CHECK(s2, t1)
    IS(s4, 1)
    j pass
