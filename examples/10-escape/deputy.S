/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * deputy - a guest asks the firmware to print from, and read into, memory beyond the end of RAM
 * (6 MiB); the firmware must refuse.
 */
#include "guest.inc"
#define END 0x600000

    .macro REFUSED function, address
    li a0, 64
    li a1, \address
    li a2, 0
    SBI SBI_DBCN, \function
    IS(a0, SBI_INVALID_PARAM)
    .endm

main:
    REFUSED 0, END + 0x2000
    REFUSED 0, END + 0x1fffc0
    REFUSED 1, END + 0x2000
    li a0, 0
    li a1, END - 1
    li a2, 0
    SBI SBI_DBCN, 0
    IS(a0, 0)
    j pass
