/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * trap.S: the way from a user program into the kernel and back, as kernels do it: all registers
 * saved, C called, all registers restored. sscratch holds the running process's frame; there is
 * one kernel stack, since the kernel itself is never interrupted. Two shorter entries beside it
 * are for the nanobenchmarks, which measure the trap and nothing else.
 */
#include "riscv.h"
#include "trapframe.h"

    .text
    .global trap_entry, trap_return, skip_entry, fast_entry
    .balign 4
trap_entry:
    csrrw sp, sscratch, sp
    .irp  n, 1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, \
             24, 25, 26, 27, 28, 29, 30, 31
    sw    x\n, \n * 4(sp)
    .endr
    csrrw t0, sscratch, sp
    sw    t0, TRAPFRAME_SP(sp)
    csrr  t0, sepc
    sw    t0, TRAPFRAME_SEPC(sp)
    csrr  t0, sstatus
    sw    t0, TRAPFRAME_SSTATUS(sp)
    csrr  t0, scause
    sw    t0, TRAPFRAME_SCAUSE(sp)
    csrr  t0, stval
    sw    t0, TRAPFRAME_STVAL(sp)
    mv    a0, sp
    lui   sp, %hi(kernel_stack_top)
    addi  sp, sp, %lo(kernel_stack_top)
    call  trap                      # gives back the frame to go on with

trap_return:                        # a0: the frame
    mv    sp, a0
    csrw  sscratch, sp
    lw    t0, TRAPFRAME_SEPC(sp)
    csrw  sepc, t0
    lw    t0, TRAPFRAME_SSTATUS(sp)
    csrw  sstatus, t0
    .irp  n, 1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, \
             24, 25, 26, 27, 28, 29, 30, 31
    lw    x\n, \n * 4(sp)
    .endr
    lw    sp, TRAPFRAME_SP(sp)
    sret

    .balign 4
skip_entry:                         # go on behind the instruction that trapped; t0 is lost
    csrr  t0, sepc
    addi  t0, t0, 4
    csrw  sepc, t0
    sret

    .balign 4
fast_entry:                         # call 0 does nothing and is fast; others as ever
    bnez  a7, 1f
    csrr  t0, sepc
    addi  t0, t0, 4
    csrw  sepc, t0
    sret
1:  j     trap_entry
