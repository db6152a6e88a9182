/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * dirty - a user's page that may be written, and is read first: the entry gets its D bit by the
 * first store, not before and not never.
 */
#include "guest.inc"

#define PAGE 0x40000000

main:
    call new_space
    MAP PAGE, DATA, V | R | W | U
    mv s1, a0
    call paging_on
    li t0, SSTATUS_SUM
    csrs sstatus, t0
    li s0, PAGE
    QUIET(lw t0, 0(s0))
    lw t0, 0(s1)
    andi t0, t0, A | D
    IS(t0, A)
    QUIET(sw t0, 0(s0))
    lw t0, 0(s1)
    andi t0, t0, A | D
    IS(t0, A | D)
    j pass
