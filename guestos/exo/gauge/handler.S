/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * handler.S - the shortest handlers: gauge_skip goes on behind the instruction that trapped;
 * gauge_open makes the page that was written to writable, and has the store tried again. The name of
 * that page is at KEEP in the save page; what is behind it is for registers.
 */
#include "exo/save.h"

#define SAVE_HIGH 0x300             /* BOOT_SAVE, in LUI's units */
#define KEEP SAVE_SIZE
#define READ_WRITE 0xc6             /* and A, D */
#define CALL_MAP 5                  /* calls.def */

    .text
    .global gauge_skip, gauge_open
gauge_skip:
    lui   t0, SAVE_HIGH
    lw    t1, SAVE_FRAME_PC(t0)
    addi  t1, t1, 4
leave:
    sw    t1, SAVE_RESUME_PC(t0)
    lw    t1, SAVE_FRAME_SP(t0)
    sw    t1, SAVE_RESUME_SP(t0)
    lw    t1, SAVE_FRAME_T0(t0)
    sw    t1, SAVE_RESUME_T0(t0)
    lw    t1, SAVE_FRAME_T1(t0)
    sw    t1, SAVE_RESUME_T1(t0)
    sw    a7, SAVE_RESUME_A7(t0)
    li    a7, EXO_RESUME
    ecall

gauge_open:
    lui   t0, SAVE_HIGH
    sw    a0, KEEP + 4(t0)
    sw    a1, KEEP + 8(t0)
    sw    a2, KEEP + 12(t0)
    sw    a3, KEEP + 16(t0)
    sw    a7, KEEP + 20(t0)
    lw    a1, SAVE_VALUE(t0)
    srli  a1, a1, 12
    slli  a1, a1, 12
    li    a0, 0
    lw    a2, KEEP(t0)
    li    a3, READ_WRITE
    li    a7, EXO_CALLS + CALL_MAP
    ecall
    lui   t0, SAVE_HIGH
    lw    a0, KEEP + 4(t0)
    lw    a1, KEEP + 8(t0)
    lw    a2, KEEP + 12(t0)
    lw    a3, KEEP + 16(t0)
    lw    a7, KEEP + 20(t0)
    lw    t1, SAVE_FRAME_PC(t0)
    j     leave
