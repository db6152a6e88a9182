/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * user - a program that never makes a call is interrupted at the deadline, whatever sstatus.SIE
 * is: it applies only to supervisor mode.
 */
#include "timer.inc"

main:
    HANDLER handler
    AHEAD 300
    LISTEN STIP, 0
    la t0, program
    csrw sepc, t0
    li t0, SSTATUS_SPP | SSTATUS_SPIE
    csrc sstatus, t0
    sret

    .balign 4
handler:
    TAKEN
    IS(s3, TIMER_INTERRUPT)
    CHECK(s1, s0)
    j pass

    .section .user, "ax"
program:
    li t0, 1000
1:  addi t0, t0, -1
    bnez t0, 1b
    ebreak
