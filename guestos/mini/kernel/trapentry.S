/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * trapentry.S - where every trap enters the kernel and leaves it. Saves the interrupted program
 * in a trapframe, calls trap() in trap.c, restores. What the trap means is decided in C.
 *
 * sscratch tells where we came from: it holds the top of the process's kernel stack while a
 * program runs, and zero while the kernel does. The kernel's tp (cpu.h) is kept in the trapframe
 * meanwhile: it is that of the CPU where the program was last entered, so the one it is on.
 */
#include "riscv.h"
#include "trapframe.h"

    .text
    .global trap_entry, process_start
    .balign 4                       # stvec, section 4.1.2: a multiple of four, direct mode
trap_entry:
    csrrw sp, sscratch, sp
    bnez  sp, 1f
    csrrw sp, sscratch, sp          # out of the kernel: stay on its stack, sscratch zero again
    sw    tp, TRAPFRAME_CPU - TRAPFRAME_SIZE(sp)
1:  addi  sp, sp, -TRAPFRAME_SIZE
    .irp  n, 1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, \
             24, 25, 26, 27, 28, 29, 30, 31
    sw    x\n, \n * 4(sp)
    .endr
    csrrw t0, sscratch, zero        # the program's sp; zero when it was the kernel
    sw    t0, TRAPFRAME_SP(sp)
    csrr  t0, sepc
    sw    t0, TRAPFRAME_SEPC(sp)
    csrr  t0, sstatus
    sw    t0, TRAPFRAME_SSTATUS(sp)
    csrr  t0, scause
    sw    t0, TRAPFRAME_SCAUSE(sp)
    csrr  t0, stval
    sw    t0, TRAPFRAME_STVAL(sp)
    lw    tp, TRAPFRAME_CPU(sp)
    mv    a0, sp
    call  trap
    j     trap_return

process_start:                      # where a new process starts: sp is at its trapframe
    call  trap_begin

trap_return:
    lw    t0, TRAPFRAME_SEPC(sp)
    csrw  sepc, t0
    lw    t0, TRAPFRAME_SSTATUS(sp)
    csrw  sstatus, t0
    andi  t0, t0, SSTATUS_SPP
    bnez  t0, 2f
    addi  t0, sp, TRAPFRAME_SIZE
    csrw  sscratch, t0
    sw    tp, TRAPFRAME_CPU(sp)
    .irp  n, 1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, \
             24, 25, 26, 27, 28, 29, 30, 31
    lw    x\n, \n * 4(sp)
    .endr
    lw    sp, TRAPFRAME_SP(sp)
    sret
2:  .irp  n, 1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, \
             24, 25, 26, 27, 28, 29, 30, 31
    lw    x\n, \n * 4(sp)
    .endr
    addi  sp, sp, TRAPFRAME_SIZE    # back in the kernel: its stack as it was
    sret
