/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kernel - a kernel that does what kernels do: sets and reads sstatus, reads stvec and satp,
 * returns from traps, and starts a program, which only computes. It checks nothing itself: its
 * whole run is compared with the bare machine.
 */
#include "guest.inc"

    .macro LOOK
    csrr a0, sstatus
    MIX a0
    .endm

main:
    li t0, SSTATUS_SUM | SSTATUS_MXR
    csrw sstatus, t0
    LOOK
    csrsi sstatus, SSTATUS_SIE
    LOOK
    csrci sstatus, SSTATUS_SIE
    LOOK
    csrs sstatus, t0
    csrr a0, stvec
    MIX a0
    csrr a0, satp
    MIX a0
    TRY ebreak
    la ra, astray
    la t0, user
    USER t0
    IS(s10, ECALL_U)
    LOOK
    j pass
astray:
    li a0, __LINE__
    j fail

    .section .user, "ax"
user:
    li t0, 300
1:  MIX t0
    addi t0, t0, -1
    bnez t0, 1b
    ecall
