/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * counter_timer - a timer interrupt at each instruction of a loop whose page holds a read of a
 * counter: where the engine's CPU does not trap it (Unicorn), the loop is interpreted, and has
 * to be left at the timer's exact count all the same.
 */
#include "guest.inc"

main:
    li t0, STIP
    csrw sie, t0
    li s0, 0
next:
    csrr a0, time
    add a0, a0, s0
    addi a0, a0, 2
    li a1, 0
    SBI SBI_TIME, 0
    la t0, user
    USER t0
    IS(s10, TIMER_INTERRUPT)
    MIX s1
    MIX s2
    csrr t0, time
    MIX t0
    TIMER_NEVER
    addi s0, s0, 1
    li t0, 30
    bne s0, t0, next
    j pass

    .section .user, "ax"
user:
    li s1, 0
    li s2, 0
1:  addi s1, s1, 1
    mul s2, s1, s1
    bnez s1, 1b
    csrr a0, cycle
