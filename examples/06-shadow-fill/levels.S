/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * levels - pages of 4 KiB, in three tables: what is stored through one virtual address is found
 * through another and in physical memory; unmapped pages fault.
 */
#include "guest.inc"
#define ONE 0x40000000
#define TWO 0x7fc01000

main:
    call new_space
    MAP ONE, DATA, RW
    MAP (ONE + 0x1000), (DATA + 0x2000), RW
    MAP TWO, DATA, RW
    call paging_on
    li s1, ONE
    li s2, TWO
    li s3, ONE + 0x1000
    sw s1, 4(s1)
    sw s3, 4(s3)
    lw t0, 4(s2)
    CHECK(t0, s1)
    sw s2, 0x7fc(s2)
    lw t0, 0x7fc(s1)
    CHECK(t0, s2)
    li t0, ONE + 0x2000
    TRAPS(LOAD_PAGE, lw t0, 0(t0))
    TVAL(ONE + 0x2000)
    li t0, TWO + 0x400000
    TRAPS(STORE_PAGE, sw t0, 8(t0))
    TVAL(TWO + 0x400008)
    csrw satp, zero
    li t1, DATA
    lw t0, 4(t1)
    CHECK(t0, s1)
    li t1, DATA + 0x2000
    lw t0, 4(t1)
    CHECK(t0, s3)
    j pass
