/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * start.S - the beginning of a kernel in supervisor mode, and its trap handler, which notes what it
 * sees and goes on behind the instruction; interrupts it switches off.
 */
    .option norvc
    .section .text.start, "ax"
    .globl _start
_start:
    la sp, stack_top
    la t0, trap
    csrw stvec, t0
    csrw sie, zero
    call main
1:  j 1b

    .balign 4
trap:
    csrw sscratch, t0
    addi sp, sp, -16
    sw t1, 0(sp)
    sw t2, 4(sp)
    la t2, trapped
    csrr t1, scause
    sw t1, 0(t2)
    csrr t0, stval
    sw t0, 4(t2)
    bltz t1, 2f
    csrr t0, sepc
    lhu t1, 0(t0)
    andi t1, t1, 3
    addi t1, t1, -3
    addi t0, t0, 2
    bnez t1, 1f
    addi t0, t0, 2
1:  csrw sepc, t0
    j 3f
2:  csrw sie, zero
3:  lw t1, 0(sp)
    lw t2, 4(sp)
    addi sp, sp, 16
    csrr t0, sscratch
    sret

    .bss
    .balign 16
    .space 8192
stack_top:
