/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * nested - a handler that traps itself, ten deep, from user mode at the bottom: the one-deep
 * stack of SIE, SPIE and SPP, and sepc, scause, stval lost unless saved.
 */
#include "guest.inc"
#define DEPTH 10

main:
    la t0, handler
    csrw stvec, t0
    li s0, 0
    csrsi sstatus, SSTATUS_SIE
    la t0, user
    csrw sepc, t0
    li t0, SSTATUS_SPP
    csrc sstatus, t0
    la s1, back
    sret
back:
    CHECK(s0, zero)
    IS(s3, DEPTH)
    j pass

    .balign 4
handler:
    csrr t0, scause
    csrr t1, stval
    csrr t2, sepc
    csrr t3, sstatus
    MIX t0
    MIX t1
    MIX t2
    MIX t3
    addi sp, sp, -12
    sw t2, 0(sp)
    sw t3, 4(sp)
    sw t0, 8(sp)
    addi s0, s0, 1
    li t0, DEPTH
    bge s0, t0, deepest
    andi t0, s0, 3
    beqz t0, 1f
    addi t0, t0, -1
    beqz t0, 2f
    addi t0, t0, -1
    beqz t0, 3f
    .word 0xffffffff
    j unwind
1:  ebreak
    j unwind
2:  lw t0, -4(zero)
    j unwind
3:  csrw time, t0
    j unwind
deepest:
    mv s3, s0
unwind:
    csrr t0, sstatus
    MIX t0
    lw t2, 0(sp)
    lw t3, 4(sp)
    lw t0, 8(sp)
    addi sp, sp, 12
    addi s0, s0, -1
    addi t0, t0, -ECALL_U
    beqz t0, 1f
    addi t2, t2, 4
    csrw sepc, t2
    csrw sstatus, t3
    sret
1:  jr s1

    .section .user, "ax"
user:
    ecall
