/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fetch - the kernel cannot execute from user pages, with or without SUM, whether or not it has
 * just read the page.
 */
#include "guest.inc"
#define PAGE 0x40000000
#define OTHER 0x40001000
#define THIRD 0x40002000

main:
    li t0, INSN_RET
    .irp at, 0, 0x1000, 0x2000
    li t1, DATA + \at
    sw t0, 0(t1)
    .endr
    call new_space
    MAP PAGE, DATA, (RWX | U)
    MAP OTHER, (DATA + 0x1000), (RX | U)
    MAP THIRD, (DATA + 0x2000), (RX | U)
    call paging_on
    li s1, PAGE
    li s2, OTHER
    li s3, THIRD
    TRAPS(INSN_PAGE, jalr s3)
    li t0, SSTATUS_SUM
    csrs sstatus, t0
    TRY lw t0, 0(s1)
    TRAPS(INSN_PAGE, jalr s1)
    CHECK(s9, s1)
    TRAPS(INSN_PAGE, jalr s2)
    CHECK(s9, s2)
    j pass
