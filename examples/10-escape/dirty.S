/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * dirty - a writable user page is read first: its D bit is set by the first store, and not
 * before.
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
