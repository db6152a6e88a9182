/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * paraentry.S - trapentry.S over the page that is shared with the monitor (para.h): CSRs are words
 * in it. The monitor has exchanged sp and sscratch before the first instruction. The page is
 * found by way of tp, which is the kernel's if the trap came out of the kernel, and else in the
 * trapframe.
 */
#include "cpu.h"
#include "para.h"
#include "riscv.h"
#include "trapframe.h"

    .text
    .global trap_entry_para, process_start_para
    .balign 4
trap_entry_para:
    bnez  sp, 1f
    lw    sp, CPU_PARA(tp)          # out of the kernel: stay on its stack
    lw    sp, PARA_SSCRATCH(sp)
    sw    tp, TRAPFRAME_CPU - TRAPFRAME_SIZE(sp)
1:  addi  sp, sp, -TRAPFRAME_SIZE
    .irp  n, 1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, \
             24, 25, 26, 27, 28, 29, 30, 31
    sw    x\n, \n * 4(sp)
    .endr
    lw    tp, TRAPFRAME_CPU(sp)
    lw    s0, CPU_PARA(tp)
    lw    t0, PARA_SSCRATCH(s0)     # the sp of whoever was interrupted
    sw    t0, TRAPFRAME_SP(sp)
    sw    zero, PARA_SSCRATCH(s0)
    lw    t0, PARA_SEPC(s0)
    sw    t0, TRAPFRAME_SEPC(sp)
    lw    t0, PARA_SSTATUS(s0)
    sw    t0, TRAPFRAME_SSTATUS(sp)
    lw    t0, PARA_SCAUSE(s0)
    sw    t0, TRAPFRAME_SCAUSE(sp)
    lw    t0, PARA_STVAL(s0)
    sw    t0, TRAPFRAME_STVAL(sp)
    mv    a0, sp
    call  trap
    j     trap_return

process_start_para:
    call  trap_begin

trap_return:
    lw    s0, CPU_PARA(tp)
    lw    t0, TRAPFRAME_SEPC(sp)
    sw    t0, PARA_SEPC(s0)
    lw    t0, TRAPFRAME_SSTATUS(sp)
    sw    t0, PARA_SSTATUS(s0)
    andi  t0, t0, SSTATUS_SPP
    bnez  t0, 2f
    addi  t0, sp, TRAPFRAME_SIZE
    sw    t0, PARA_SSCRATCH(s0)
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
    addi  sp, sp, TRAPFRAME_SIZE
    sret
