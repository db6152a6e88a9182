/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * two - counts to a thousand in page 0, in a higher page, and in page 0 through another virtual
 * address. Two VMs run it in turns: one that finds a number that it has not written shares the
 * page.
 */
#include "guest.inc"
#define ALIAS 0x40000000

main:
    call new_space
    MAP ALIAS, 0, RW
    call paging_on
    li s1, ALIAS
    li s2, DATA
    sw zero, 0(zero)
    sw zero, 0(s2)
    li s0, 0
count:
    lw t0, 0(zero)
    CHECK(t0, s0)
    lw t0, 0(s2)
    CHECK(t0, s0)
    lw t0, 0(s1)
    CHECK(t0, s0)
    addi s0, s0, 1
    sw s0, 0(s1)
    sw s0, 0(s2)
    li t0, 1000
    bne s0, t0, count
    j pass
