/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * superpage - a leaf in the root maps 4 MiB. Run with --mem 6M: the first half of the superpage
 * here is RAM, the second half is beyond its end.
 */
#include "guest.inc"
#define BIG 0x40000000
#define INSIDE 0x1ff000
#define OUTSIDE 0x200000

main:
    call new_space
    li a0, BIG
    li a1, PTE(SUPER, RWX)
    call map_super
    call paging_on
    li s1, BIG
    li s2, BIG + INSIDE
    li s3, BIG + OUTSIDE
    sw s1, 0(s1)
    sw s2, 0(s2)
    li t0, INSN_RET
    sw t0, 16(s2)
    fence.i
    addi t0, s2, 16
    QUIET(jalr t0)
    TRAPS(LOAD_ACCESS, lw t0, 0(s3))
    CHECK(s9, s3)
    TRAPS(STORE_ACCESS, sw t0, 0(s3))
    TRAPS(INSN_ACCESS, jalr s3)
    li t0, BIG + 0x3ffffc
    TRAPS(LOAD_ACCESS, lw t0, 0(t0))
    csrw satp, zero
    li t0, SUPER
    lw t1, 0(t0)
    CHECK(t1, s1)
    li t0, SUPER + INSIDE
    lw t1, 0(t0)
    CHECK(t1, s2)
    j pass
