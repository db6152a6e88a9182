/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * entry.S - where traps come in. sscratch holds the kernel's address of the save page of the
 * environment that runs, and zero in the kernel, which never traps unless it is wrong.
 *
 * An exception becomes an upcall here, and a resume returns from one here, without C: those are
 * what a library's own virtual memory costs. All else saves every register, and calls trap().
 */
#include "exo/save.h"
#include "riscv.h"

#define STACK_SIZE 8192
#define ENOSYS 38                   /* common/abi.h, which is C only */

    .macro all_but_sp op
    .irp  n, 1, 3, 4, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, \
             25, 26, 27, 28, 29, 30, 31
    \op   x\n, \n * 4(sp)
    .endr
    .endm

    .text
    .global trap_entry, enter_user
    .balign 4
trap_entry:
    csrrw sp, sscratch, sp
    beqz  sp, kernel_trap
    sw    t0, SAVE_SCRATCH(sp)
    csrr  t0, scause
    bltz  t0, save_all
    sw    t1, SAVE_FRAME_T1(sp)     # no frame is in use while its environment makes exceptions
    addi  t1, t0, -CAUSE_ECALL
    beqz  t1, its_ecall

upcall:                             # t0 is the cause
    lw    t1, SAVE_UPCALL(sp)
    bnez  t1, save_all_t1           # twice: the library is wrong
    lw    t1, SAVE_HANDLER(sp)
    beqz  t1, save_all_t1
    sw    t0, SAVE_CAUSE(sp)
    csrr  t0, sepc
    sw    t0, SAVE_FRAME_PC(sp)
    csrw  sepc, t1
    csrr  t0, stval
    sw    t0, SAVE_VALUE(sp)
    lw    t0, SAVE_SCRATCH(sp)
    sw    t0, SAVE_FRAME_T0(sp)
    li    t0, 1
    sw    t0, SAVE_UPCALL(sp)
    csrrw t0, sscratch, sp
    sw    t0, SAVE_FRAME_SP(sp)
    mv    sp, t0
    sret

its_ecall:
    li    t1, EXO_RESUME
    bne   a7, t1, its_call
    lw    t0, SAVE_RESUME_PC(sp)
    csrw  sepc, t0
    sw    zero, SAVE_UPCALL(sp)
    lw    a7, SAVE_RESUME_A7(sp)
    lw    t0, SAVE_RESUME_T0(sp)
    lw    t1, SAVE_RESUME_T1(sp)
    csrw  sscratch, sp
    lw    sp, SAVE_RESUME_SP(sp)
    sret

its_call:                           # the kernel's, or the library's own affair
    addi  t1, t1, EXO_CALLS - EXO_RESUME
    sub   t1, a7, t1
    sltiu t0, t1, EXO_SHORT_CALLS
    bnez  t0, short_call
    sltiu t1, t1, EXO_CALL_COUNT
    li    t0, CAUSE_ECALL
    beqz  t1, upcall

save_all_t1:
    lw    t1, SAVE_FRAME_T1(sp)
save_all:
    all_but_sp sw
    lw    t0, SAVE_SCRATCH(sp)
    sw    t0, 5 * 4(sp)
    csrrw t0, sscratch, zero
    sw    t0, 2 * 4(sp)
    csrr  t0, sepc
    sw    t0, SAVE_PC(sp)
    lui   sp, %hi(stack_top)
    addi  sp, sp, %lo(stack_top)
    call  trap
enter_user:                         # a0: the save page
    mv    sp, a0
    csrw  sscratch, sp
    lw    t0, SAVE_PC(sp)
    csrw  sepc, t0
    all_but_sp lw
    lw    t0, 5 * 4(sp)
    lw    sp, 2 * 4(sp)
    sret

short_call:                         # t1: which
    .irp  n, 1, 7, 8, 10, 11, 12, 13, 14, 15, 16, 17, 28, 29, 30, 31
    sw    x\n, \n * 4(sp)
    .endr
    mv    s0, sp
    csrr  t0, sepc
    addi  t0, t0, 4
    csrw  sepc, t0
    lui   t0, %hi(calls)
    addi  t0, t0, %lo(calls)
    slli  t1, t1, 2
    add   t0, t0, t1
    lw    t0, 0(t0)
    beqz  t0, no_call
    lui   sp, %hi(stack_top)
    addi  sp, sp, %lo(stack_top)
    addi  a0, s0, 10 * 4
    csrrw t1, sscratch, zero
    sw    t1, 2 * 4(s0)
    jalr  t0
    lw    sp, 2 * 4(s0)
    csrw  sscratch, s0
short_return:
    lw    t0, SAVE_SCRATCH(s0)
    lw    t1, SAVE_FRAME_T1(s0)
    .irp  n, 1, 7, 11, 12, 13, 14, 15, 16, 17, 28, 29, 30, 31, 8
    lw    x\n, \n * 4(s0)
    .endr
    sret
no_call:                            # number 0
    csrrw sp, sscratch, sp
    li    a0, -ENOSYS
    j     short_return

kernel_trap:
    lui   sp, %hi(stack_top)
    addi  sp, sp, %lo(stack_top)
    call  kernel_trap_panic

    .bss
    .balign 16
    .space STACK_SIZE
stack_top:
