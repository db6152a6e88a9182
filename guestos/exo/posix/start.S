/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * start.S - the ways into the library, and out. posix_entry is jumped to, by a stub that has
 * the number in a7: a call of the library is a call of a function. posix_handler is where the
 * kernel makes upcalls: for a page fault, for a fork (which needs all registers), or when a
 * program executes ECALL by itself. Both run on the library's own stack.
 */
#include "exo/save.h"

#define SAVE_HIGH 0x9ffff           /* SAVE_VA, in LUI's units */
#define STACK_HIGH 0x9fff2
#define FRAME_SIZE 128

    .section .text.start, "ax"
    .global posix_entry, posix_handler
    .balign 4096
posix_entry:                        # LIB and a page: usys.S relies on this
    lui   t0, SAVE_HIGH
    li    t1, 1
    sw    t1, SAVE_UPCALL(t0)
    mv    t1, sp
    lui   sp, STACK_HIGH
    addi  sp, sp, -32
    sw    ra, 0(sp)
    sw    t1, 4(sp)
    sw    a0, 8(sp)
    sw    a1, 12(sp)
    sw    a2, 16(sp)
    sw    a3, 20(sp)
    addi  a0, sp, 8
    mv    a1, a7
    li    a2, 0
    call  posix_call
    lui   t0, SAVE_HIGH
    lw    ra, 0(sp)
    lw    sp, 4(sp)
    sw    zero, SAVE_UPCALL(t0)
    ret

    .macro each op
    .irp  n, 1, 3, 4, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, \
             25, 26, 27, 28, 29, 30, 31
    \op   x\n, \n * 4(sp)
    .endr
    .endm

posix_handler:
    lui   sp, STACK_HIGH
    addi  sp, sp, -FRAME_SIZE
    each  sw
    lui   s0, SAVE_HIGH
    lw    t0, SAVE_FRAME_PC(s0)
    sw    t0, 0(sp)
    lw    t0, SAVE_FRAME_SP(s0)
    sw    t0, 2 * 4(sp)
    lw    t0, SAVE_FRAME_T0(s0)
    sw    t0, 5 * 4(sp)
    lw    t0, SAVE_FRAME_T1(s0)
    sw    t0, 6 * 4(sp)
    mv    a0, sp
    lw    a1, SAVE_CAUSE(s0)
    lw    a2, SAVE_VALUE(s0)
    call  posix_upcall
leave:
    lui   t0, SAVE_HIGH
    lw    t1, 0(sp)
    sw    t1, SAVE_RESUME_PC(t0)
    lw    t1, 2 * 4(sp)
    sw    t1, SAVE_RESUME_SP(t0)
    lw    t1, 5 * 4(sp)
    sw    t1, SAVE_RESUME_T0(t0)
    lw    t1, 6 * 4(sp)
    sw    t1, SAVE_RESUME_T1(t0)
    lw    t1, 17 * 4(sp)
    sw    t1, SAVE_RESUME_A7(t0)
    each  lw
    li    a7, EXO_RESUME
    ecall

    # posix_run_handler(frame, handler, address): a program's own handler, on the program's stack,
    # where the frame is. It is an ordinary function; the access is tried again when it returns.
    .global posix_run_handler
posix_run_handler:
    mv    sp, a0
    lui   t0, SAVE_HIGH
    sw    zero, SAVE_UPCALL(t0)
    mv    a0, a2
    jalr  a1
    lui   t0, SAVE_HIGH
    li    t1, 1
    sw    t1, SAVE_UPCALL(t0)
    j     leave
