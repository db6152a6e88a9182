/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * all - every register changes all the time, reservations come and go, in user mode too, and
 * the other VM does the same with other values. The guest checks nothing itself: its whole run
 * is compared with the bare machine.
 */
#include "switch.inc"

    .macro ROUND
    add t0, t6, a0
    xor t1, t0, s0
    addi t2, t1, 77
    add t3, t2, t5
    slli t4, t3, 3
    sub t5, t4, t1
    xor t6, t5, t2
    add s0, s0, t6
    xor s1, s0, a7
    add s2, s1, s5
    add s3, s2, t4
    xor s4, s3, s2
    addi s5, s4, 5
    add a0, a1, s5
    xor a1, a2, t3
    add a2, a3, s1
    add a3, a4, a0
    xor a4, a5, a3
    add a5, a6, ra
    add a6, a7, gp
    xor a7, a0, s4
    add ra, ra, a7
    xor gp, ra, a6
    .endm

main:
    SEED
    lw t6, seed
    li a2, 30
    la a3, rounds
    sw a2, 0(a3)
next:
    ROUND
    li sp, DATA
    lr.w t0, (sp)
    ROUND
    csrrw t6, sscratch, t6
    sc.w t5, t6, (sp)
    ROUND
    lr.w t3, (sp)
    TRY ebreak
    sc.w t4, t3, (sp)
    ROUND
    la t2, user
    csrw sepc, t2
    li t2, SSTATUS_SPP
    csrc sstatus, t2
    TRY sret
    ROUND
    la sp, rounds
    lw s9, 0(sp)
    addi s9, s9, -1
    sw s9, 0(sp)
    bnez s9, next
    li sp, STACK_TOP
    j pass

    .section .user, "ax"
user:
    ROUND
    lr.w t0, (sp)
    ROUND
    sc.w t5, t6, (sp)
    ROUND
    ecall
