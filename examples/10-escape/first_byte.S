/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * first_byte - the last word of 6 MiB of RAM can be used; the next word cannot be read, written
 * or executed.
 */
#include "guest.inc"
#define END 0x600000

main:
    li s0, END
    QUIET(lw t0, -4(s0))
    TRAPS(LOAD_ACCESS, lw t0, 0(s0))
    TVAL(END)
    TRAPS(STORE_ACCESS, sw t0, 0(s0))
    TRAPS(INSN_ACCESS, jr s0)
    j pass
