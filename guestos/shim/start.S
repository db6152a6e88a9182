/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * start.S - from reset to the payload in supervisor mode, and the way in and out of machine
 * traps. In: a0 = hart id, a1 = device tree; both are passed on. shim.c handles what traps.
 */
#include "machine.h"

#define STACK_SIZE 4096

    .section .text.start, "ax"
    .global shim_start
shim_start:
    csrr  t0, mhartid
1:  bnez  t0, 1b                    # hart 0 only

    lla   t0, machine_trap
    csrw  mtvec, t0
    lla   t0, stack_top
    csrw  mscratch, t0              # machine traps have a stack of their own

    li    t0, MEDELEG_ALL
    csrw  medeleg, t0
    li    t0, MIDELEG_SUPERVISOR
    csrw  mideleg, t0
    li    t0, MCOUNTEREN_TM
    csrw  mcounteren, t0
    csrw  mie, zero
    csrw  satp, zero

    li    t0, -1                    # without PMP entries supervisor mode may touch nothing
    csrw  pmpaddr0, t0
    li    t0, PMPCFG_NAPOT_RWX
    csrw  pmpcfg0, t0

    li    t0, MSTATUS_MPP_S         # all else is 0: no interrupts, no floating point
    csrw  mstatus, t0
    lui   t0, %hi(PAYLOAD)
    addi  t0, t0, %lo(PAYLOAD)
    csrw  mepc, t0
    mret

    .text
    .balign 4
machine_trap:
    csrrw sp, mscratch, sp
    addi  sp, sp, -TRAPFRAME_SIZE
    .irp  n, 1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, \
             24, 25, 26, 27, 28, 29, 30, 31
    sw    x\n, \n * 4(sp)
    .endr
    mv    a0, sp
    call  handle_trap
    .irp  n, 1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, \
             24, 25, 26, 27, 28, 29, 30, 31
    lw    x\n, \n * 4(sp)
    .endr
    addi  sp, sp, TRAPFRAME_SIZE
    csrrw sp, mscratch, sp
    mret

    .bss
    .balign 16
    .space STACK_SIZE
stack_top:
