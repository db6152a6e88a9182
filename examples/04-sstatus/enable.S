/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * enable - SIE is the guest's own: a pending interrupt is taken before the instruction after
 * the one that sets SIE, and not earlier.
 */
#include "guest.inc"

main:
    la t0, taken
    csrw stvec, t0
    csrci sstatus, SSTATUS_SIE
    li t0, SSIP
    csrs sie, t0
    csrs sip, t0
    li s0, 0
    nop
    li s0, 1
    csrsi sstatus, SSTATUS_SIE
2:  li a0, __LINE__
    j fail

    .balign 4
taken:
    csrw sie, zero
    la t0, trap_catch
    csrw stvec, t0
    IS(s0, 1)
    csrr t0, scause
    IS(t0, SOFT_INTERRUPT)
    csrr t0, sepc
    la t1, 2b
    CHECK(t0, t1)
    j pass
