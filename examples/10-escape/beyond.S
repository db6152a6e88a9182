/* SPDX-License-Identifier: GPL-2.0-or-later */
/* beyond - beyond the end of RAM (6 MiB) there are only the devices. */
#include "guest.inc"
#define END 0x600000
#define PAGE 0x1000

main:
    li s0, END + 2 * PAGE
    li s1, 0x900000
    li s2, PAGE
1:  TRAPS(LOAD_ACCESS, lw t0, 0(s0))
    TRAPS(STORE_ACCESS, sw t0, 0(s0))
    add s0, s0, s2
    bne s0, s1, 1b
    li s0, 0x0ffff000
    TRAPS(LOAD_ACCESS, lw t0, 0(s0))
    li s0, 0xfffff000
    TRAPS(LOAD_ACCESS, lw t0, 0(s0))
    j pass
