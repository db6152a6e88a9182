/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * interrupts - SIE comes back from SPIE, and SPIE becomes 1: for both values of SPIE, checked
 * by whether a pending interrupt is taken.
 */
#include "guest.inc"

main:
    /* Interrupts were off: SIE stays 0, SPIE becomes 1. */
    li t0, SSTATUS_SPIE | SSTATUS_SIE
    csrc sstatus, t0
    la t0, 1f
    csrw sepc, t0
    li t0, SSTATUS_SPP
    csrs sstatus, t0
    sret
1:  csrr t0, sstatus
    andi t0, t0, SSTATUS_SPIE | SSTATUS_SIE
    IS(t0, SSTATUS_SPIE)

    /* They were on: SIE becomes 1, and the pending interrupt is taken at the target. */
    la t0, taken
    csrw stvec, t0
    li t0, SSIP
    csrs sie, t0
    csrs sip, t0
    la t0, 2f
    csrw sepc, t0
    li t0, SSTATUS_SPP | SSTATUS_SPIE
    csrs sstatus, t0
    sret
2:  li a0, __LINE__
    j fail

    .balign 4
taken:
    csrw sie, zero
    la t0, trap_catch
    csrw stvec, t0
    csrr t0, scause
    IS(t0, SOFT_INTERRUPT)
    csrr t0, sepc
    la t1, 2b
    CHECK(t0, t1)
    j pass
