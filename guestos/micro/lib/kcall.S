/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kcall.S - from C to the kernel's calls: int32_t kcall_NAME(arguments in a0 to a6); those of IPC
 * exchange a struct message (ipc.h), whose offsets are here.
 */
    .macro stub number, name
    .global kcall_\name
kcall_\name:
    li    a7, \number
    ecall
    ret
    .endm

#define CALL(number, name) stub number, name
#define IPC(number, name)
    .text
#include "micro/calls.def"
#undef CALL

/* int32_t ipc(struct message *m, uint32_t slot, uint32_t reply_slot, uint32_t call) */
    .global ipc
ipc:
    addi  sp, sp, -16
    sw    s0, 0(sp)
    mv    s0, a0
    mv    a0, a1
    mv    t1, a2
    mv    a7, a3
    lw    a1, 0(s0)
    lw    a2, 4(s0)
    lw    a3, 8(s0)
    lw    a4, 12(s0)
    lw    a5, 16(s0)
    lw    a6, 20(s0)
    lw    t0, 24(s0)
    lw    t2, 32(s0)
    lw    t3, 36(s0)
    lw    t4, 40(s0)
    lw    t5, 44(s0)
    ecall
    sw    a1, 0(s0)
    sw    a2, 4(s0)
    sw    a3, 8(s0)
    sw    a4, 12(s0)
    sw    a5, 16(s0)
    sw    a6, 20(s0)
    sw    t0, 24(s0)
    sw    t1, 28(s0)
    lw    s0, 0(sp)
    addi  sp, sp, 16
    ret
