/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * user_timer - a timer interrupt at each instruction of a user's loop, at its exact count; in
 * user mode it comes whatever sstatus.SIE says. WFI and a far deadline let time skip as well.
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
    csrr t0, sip
    IS(t0, STIP)
    csrr t0, time
    MIX t0
    TIMER_NEVER
    csrr t0, sip
    CHECK(t0, zero)
    addi s0, s0, 1
    li t0, 40
    bne s0, t0, next

    /* Asleep for a long time, with the interrupt masked. */
    csrr s1, time
    li t0, 5000000
    add a0, s1, t0
    li a1, 0
    SBI SBI_TIME, 0
    csrci sstatus, SSTATUS_SIE
    wfi
    csrr s2, time
    sub s2, s2, s1
    IS(s2, 5000000)
    j pass

    .section .user, "ax"
user:
    li s1, 0
    li s2, 0
1:  addi s1, s1, 1
    mul s2, s1, s1
    sw s2, -16(sp)
    lw s2, -16(sp)
    bnez s1, 1b
