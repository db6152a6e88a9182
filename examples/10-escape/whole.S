/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * whole - all of RAM can be used, up to its end (6 MiB), and every page keeps what is written
 * to it.
 */
#include "guest.inc"
#define FIRST 0x100000
#define END 0x600000
#define PAGE 0x1000

main:
    li s0, FIRST
    li s1, END
    li s2, PAGE
1:  not t0, s0
    sw t0, 0(s0)
    add s0, s0, s2
    bne s0, s1, 1b
    li s0, FIRST
2:  not t0, s0
    lw t1, 0(s0)
    CHECK(t0, t1)
    add s0, s0, s2
    bne s0, s1, 2b
    j pass
