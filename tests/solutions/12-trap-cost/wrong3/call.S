/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * call.S - wrong: a stack from sscratch, for a register that need not be saved.
 */
#include "guest.inc"

main:
    la t0, kernel
    csrw stvec, t0
    li t0, STACK_TOP
    csrw sscratch, t0
    la t0, program
    csrw sepc, t0
    li t0, SSTATUS_SPP
    csrc sstatus, t0
    sret

    .balign 4
kernel:
    csrrw sp, sscratch, sp
    sw t0, -4(sp)
    bltz a0, done
    addi a0, a0, 1
    csrr t0, sepc
    addi t0, t0, 4
    csrw sepc, t0
    lw t0, -4(sp)
    csrrw sp, sscratch, sp
    sret
done:
    j pass

    .section .user, "ax"
program:
    li s0, 100
    li a0, 0
1:  ecall
    MIX a0
    addi s0, s0, -1
    bnez s0, 1b
    li a0, -1
    ecall
