/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * handler.S - where the kernel makes upcalls: all registers on the library's own stack, then
 * paging_upcall(frame, cause, value), and back to where it was, or where that has put it.
 */
#include "exo/save.h"

#define SAVE_HIGH 0x300             /* BOOT_SAVE, in LUI's units */
#define FRAME_SIZE 128
#define STACK_SIZE 4096

    .macro each op
    .irp  n, 1, 3, 4, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, \
             25, 26, 27, 28, 29, 30, 31
    \op   x\n, \n * 4(sp)
    .endr
    .endm

    .macro take from, to
    lw    t0, \from(s0)
    sw    t0, \to * 4(sp)
    .endm

    .macro give from, to
    lw    t1, \from * 4(sp)
    sw    t1, \to(t0)
    .endm

    .text
    .global paging_handler
paging_handler:
    lui   sp, %hi(stack_end)
    addi  sp, sp, %lo(stack_end)
    addi  sp, sp, -FRAME_SIZE
    each  sw
    lui   s0, SAVE_HIGH
    take  SAVE_FRAME_PC, 0
    take  SAVE_FRAME_SP, 2
    take  SAVE_FRAME_T0, 5
    take  SAVE_FRAME_T1, 6
    mv    a0, sp
    lw    a1, SAVE_CAUSE(s0)
    lw    a2, SAVE_VALUE(s0)
    call  paging_upcall
    lui   t0, SAVE_HIGH
    give  0, SAVE_RESUME_PC
    give  2, SAVE_RESUME_SP
    give  5, SAVE_RESUME_T0
    give  6, SAVE_RESUME_T1
    give  17, SAVE_RESUME_A7
    each  lw
    li    a7, EXO_RESUME
    ecall

    .bss
    .balign 16
    .space STACK_SIZE
stack_end:
