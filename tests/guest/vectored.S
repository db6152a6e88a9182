/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * vectored - with stvec in vectored mode interrupts go to base + 4 x number, exceptions to the
 * base; of several interrupts the software one comes before the timer.
 */
#include "guest.inc"

main:
    la t0, table
    ori t0, t0, 1
    csrw stvec, t0
    li t0, SSIP | STIP
    csrw sie, t0
    li s0, 0
    ebreak
    IS(s0, 100)

    csrsi sip, SSIP
    csrsi sstatus, SSTATUS_SIE
    csrci sstatus, SSTATUS_SIE
    IS(s0, 101)

    li a0, 0
    li a1, 0
    SBI SBI_TIME, 0
    csrsi sstatus, SSTATUS_SIE
    csrci sstatus, SSTATUS_SIE
    IS(s0, 105)

    /* Both at once. */
    li a0, 0
    li a1, 0
    SBI SBI_TIME, 0
    csrsi sip, SSIP
    li s0, 0
    csrsi sstatus, SSTATUS_SIE
    csrci sstatus, SSTATUS_SIE
    IS(s0, 0x15)
    j pass

    /* One jump each; s0 tells which were taken, in order. */
    .balign 64
table:
    j exception
    j software
    j wrong
    j wrong
    j wrong
    j timer
    j wrong
    j wrong
    j wrong
    j wrong

exception:
    addi s0, s0, 100
    csrr tp, sepc
    addi tp, tp, 4
    csrw sepc, tp
    sret
software:
    csrci sip, SSIP
    slli t0, s0, 4
    bgeu s0, t0, first
    addi s0, s0, 1
    sret
first:
    li s0, 1
    sret
timer:
    csrr tp, scause
    MIX tp
    TIMER_NEVER
    li t0, 100
    bltu s0, t0, 1f
    addi s0, s0, 4
    sret
1:  slli s0, s0, 4
    addi s0, s0, 5
    sret
wrong:
    li a0, __LINE__
    j fail
