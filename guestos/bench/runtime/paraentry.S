/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * paraentry.S: trap_entry and trap_return (trap.S) by the page that is shared with Page Zero's
 * monitor: it has exchanged sp and sscratch, and the CSRs are words of the page.
 */
#include "para.h"
#include "trapframe.h"

    .text
    .global trap_entry_para, trap_return_para
    .balign 4
trap_entry_para:
    .irp  n, 1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, \
             24, 25, 26, 27, 28, 29, 30, 31
    sw    x\n, \n * 4(sp)
    .endr
    lui   s0, %hi(para_shared)
    addi  s0, s0, %lo(para_shared)
    lw    t0, PARA_SSCRATCH(s0)
    sw    t0, TRAPFRAME_SP(sp)
    lw    t0, PARA_SEPC(s0)
    sw    t0, TRAPFRAME_SEPC(sp)
    lw    t0, PARA_SSTATUS(s0)
    sw    t0, TRAPFRAME_SSTATUS(sp)
    lw    t0, PARA_SCAUSE(s0)
    sw    t0, TRAPFRAME_SCAUSE(sp)
    lw    t0, PARA_STVAL(s0)
    sw    t0, TRAPFRAME_STVAL(sp)
    mv    a0, sp
    lui   sp, %hi(kernel_stack_top)
    addi  sp, sp, %lo(kernel_stack_top)
    call  trap

trap_return_para:
    mv    sp, a0
    lui   s0, %hi(para_shared)
    addi  s0, s0, %lo(para_shared)
    sw    sp, PARA_SSCRATCH(s0)
    lw    t0, TRAPFRAME_SEPC(sp)
    sw    t0, PARA_SEPC(s0)
    lw    t0, TRAPFRAME_SSTATUS(sp)
    sw    t0, PARA_SSTATUS(s0)
    .irp  n, 1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, \
             24, 25, 26, 27, 28, 29, 30, 31
    lw    x\n, \n * 4(sp)
    .endr
    lw    sp, TRAPFRAME_SP(sp)
    sret
