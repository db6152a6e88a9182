/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * all_forms - SRET from every state of the stack in sstatus, back and forth between the modes,
 * with a reservation. The guest checks nothing itself: its whole run is compared with the bare
 * machine.
 */
#include "guest.inc"

main:
    li s1, DATA
    li s0, 0
next:
    li t0, SSTATUS_SPP | SSTATUS_SPIE | SSTATUS_SIE
    csrc sstatus, t0
    slli t0, s0, 5
    andi t0, t0, SSTATUS_SPIE
    slli t1, s0, 7
    andi t1, t1, SSTATUS_SPP
    or t0, t0, t1
    csrs sstatus, t0
    la t0, there
    csrw sepc, t0
    lr.w t1, (s1)
    TRY sret
    MIX t1
    addi s0, s0, 1
    li t0, 4
    bne s0, t0, next
    j pass

    .section .user, "ax"
there:
    sc.w t1, t1, (s1)
    sret
    ebreak
