/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * mxr - with MXR the kernel and programs can load from an execute-only page, but not store to
 * it; and a read-only page still cannot be executed.
 */
#include "guest.inc"
#define CODE 0x40000000
#define THEIRS 0x40001000
#define OURS 0x40002000
#define READ 0x40003000

main:
    li t0, INSN_RET
    li t1, DATA
    sw t0, 0(t1)
    call new_space
    la s0, user
    srli a1, s0, 2
    ori a1, a1, RX | U
    li a0, CODE
    call map_pte
    MAP THEIRS, DATA, (V | X | U | A | D)
    MAP OURS, DATA, (V | X | A | D)
    MAP READ, DATA, (V | R | A | D)
    call paging_on
    li t0, SSTATUS_MXR
    csrs sstatus, t0
    li s1, THEIRS
    li s2, OURS
    li s3, READ
    QUIET(lw t0, 0(s2))
    TRAPS(STORE_PAGE, sw t0, 0(s2))
    QUIET(jalr s2)
    QUIET(lw t0, 0(s3))
    TRAPS(INSN_PAGE, jalr s3)
    li t0, CODE
    USER t0
    IS(s10, ECALL_U)
    IS(s4, INSN_RET)
    j pass

    .section .user, "ax"
user:
    lw s4, 0(s1)
    ecall
