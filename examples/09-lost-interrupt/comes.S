/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * comes - the timer interrupt arrives while the guest causes exits anyway; not early, and with
 * the right cause.
 */
#include "timer.inc"

main:
    HANDLER handler
    AHEAD 200
    LISTEN STIP, 1
    li s4, 1000
1:  csrr t1, sscratch
    addi s4, s4, -1
    bnez s4, 1b
    li a0, __LINE__
    j fail

    .balign 4
handler:
    TAKEN
    IS(s3, TIMER_INTERRUPT)
    bgeu s1, s0, 1f
    li a0, __LINE__
    j fail
1:  j pass
