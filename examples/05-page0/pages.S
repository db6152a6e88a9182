/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * pages - writes the first and last word of every page after the kernel's own, then reads them
 * all: no two may be the same machine page.
 */
#include "guest.inc"

main:
    li s0, TABLES
    li s1, RAM_SIZE
    li s2, 0x1000
    li s3, 0xffc
1:  sw s0, 0(s0)
    add t0, s0, s3
    sw t0, 0(t0)
    add s0, s0, s2
    bne s0, s1, 1b

    li s0, TABLES
2:  lw t1, 0(s0)
    CHECK(t1, s0)
    add t0, s0, s3
    lw t1, 0(t0)
    CHECK(t1, t0)
    add s0, s0, s2
    bne s0, s1, 2b
    j pass
