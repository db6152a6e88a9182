/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * call.S - your work: a kernel that serves system calls with fewer exits. A program calls it
 * 100 times; each call returns its argument, a0, plus one. You may rely on the calling
 * convention: the program needs none of t0 to t6 and tp after a call, does not use sp, and
 * causes no other traps. `program` must stay as it is; `kernel` is yours to change, and so is
 * what `main` sets up for it.
 *
 * This starter takes no chances: it finds its own stack in sscratch, and saves and restores
 * everything that a trap involves.
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
    addi sp, sp, -32
    sw t0, 0(sp)
    sw t1, 4(sp)
    csrr t0, sscratch
    sw t0, 8(sp)
    csrr t0, sstatus
    sw t0, 12(sp)
    csrr t0, sepc
    sw t0, 16(sp)
    csrr t0, stval
    sw t0, 20(sp)
    csrr t0, scause
    li t1, ECALL_U
    bne t0, t1, strange

    /* The service. A call with a0 < 0 ends the program. */
    bltz a0, done
    addi a0, a0, 1

    lw t0, 12(sp)
    csrw sstatus, t0
    lw t0, 16(sp)
    addi t0, t0, 4
    csrw sepc, t0
    lw t0, 8(sp)
    csrw sscratch, t0
    lw t0, 0(sp)
    lw t1, 4(sp)
    addi sp, sp, 32
    csrrw sp, sscratch, sp
    sret
strange:
    li a0, __LINE__
    j fail
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
