/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * entry.S - where every trap enters the kernel, and how it leaves to a thread. sscratch is the
 * thread that runs, whose registers begin at its address; zero in the kernel, which takes no
 * traps: one that comes is a bug.
 */
#include "objects.h"

    .text
    .global trap_entry, thread_enter
    .balign 4
trap_entry:
    csrrw sp, sscratch, sp
    beqz  sp, 1f
    .irp  n, 1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, \
             24, 25, 26, 27, 28, 29, 30, 31
    sw    x\n, \n * 4(sp)
    .endr
    mv    a0, sp
    csrrw t0, sscratch, zero
    sw    t0, 2 * 4(a0)
    csrr  t0, sepc
    sw    t0, THREAD_PC(a0)
    csrr  a1, scause
    lui   sp, %hi(kernel_stack_top)
    addi  sp, sp, %lo(kernel_stack_top)
    call  trap                      # gives the thread to go on with

thread_enter:
    csrw  sscratch, a0
    mv    sp, a0
    lw    t0, THREAD_PC(sp)
    csrw  sepc, t0
    .irp  n, 1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, \
             24, 25, 26, 27, 28, 29, 30, 31
    lw    x\n, \n * 4(sp)
    .endr
    lw    sp, 2 * 4(sp)
    sret

1:  lui   sp, %hi(kernel_stack_top)
    addi  sp, sp, %lo(kernel_stack_top)
    j     kernel_bug
