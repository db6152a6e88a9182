/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * spill - a superpage of which half is RAM (6 MiB in all), and one at 4 GiB, which Sv32 can
 * address but where there is nothing.
 */
#include "guest.inc"
#define HALF 0x40000000
#define HIGH 0x40400000
#define END (HALF + 0x200000)
#define PPN_4G (0x100000 << 10)

main:
    call new_space
    li a0, HALF
    li a1, PTE(SUPER, RW)
    call map_super
    li a0, HIGH
    li a1, PPN_4G | RW
    call map_super
    call paging_on
    li s0, END - 4
    QUIET(sw s0, 0(s0))
    li s0, END + 0x2000
    TRAPS(LOAD_ACCESS, lw t0, 0(s0))
    TRAPS(STORE_ACCESS, sw t0, 0(s0))
    li s0, HALF + 0x3ff000
    TRAPS(LOAD_ACCESS, lw t0, 0(s0))
    li s0, HIGH
    TRAPS(LOAD_ACCESS, lw t0, 0(s0))
    TRAPS(STORE_ACCESS, sw t0, 0(s0))
    j pass
