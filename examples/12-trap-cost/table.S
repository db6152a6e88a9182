/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * table - twenty rounds of a bit of everything, for an exit table that can be worked out on
 * paper. It powers off by itself, without the messages that other guests print.
 */
#include "guest.inc"

#define ROUNDS 20

main:
    la t0, handler
    csrw stvec, t0
    li s0, ROUNDS
    li s1, UART
    li s2, DATA
    li s3, 0x1000
round:
    csrw sscratch, s0
    csrr a0, sscratch
    li t0, '.'
    sb t0, 0(s1)
    sw t0, 0(s2)
    lw t0, 0(s2)
    add s2, s2, s3
    ebreak
    li a0, '.'
    SBI SBI_DBCN, 2
    addi s0, s0, -1
    bnez s0, round
    li a1, 0
    j power_off

    .balign 4
handler:
    csrr t0, sepc
    addi t0, t0, 4
    csrw sepc, t0
    sret
