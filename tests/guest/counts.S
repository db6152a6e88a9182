/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * counts - a known number of each privileged instruction, for the exit counters: 100 reads of
 * sstatus, 50 writes of sscratch, 20 fences, 10 of each illegal access, 30 calls from user mode.
 */
#include "guest.inc"

main:
    li s0, 100
1:  csrr t0, sstatus
    addi s0, s0, -1
    bnez s0, 1b
    li s0, 50
1:  csrw sscratch, s0
    addi s0, s0, -1
    bnez s0, 1b
    li s0, 20
1:  sfence.vma
    addi s0, s0, -1
    bnez s0, 1b
    la t0, handler
    csrw stvec, t0
    li s0, 10
1:  csrw time, s0
    .word 0xffffffff
    addi s0, s0, -1
    bnez s0, 1b
    la t0, user
    csrw sepc, t0
    sret
over:
    li a0, 0
    li a1, 0
    SBI SBI_SRST, 0

    .balign 4
handler:
    csrr tp, scause
    addi tp, tp, -BREAKPOINT
    beqz tp, over
    csrr tp, sepc
    addi tp, tp, 4
    csrw sepc, tp
    sret

    .section .user, "ax"
user:
    li s0, 30
1:  ecall
    addi s0, s0, -1
    bnez s0, 1b
    ebreak
