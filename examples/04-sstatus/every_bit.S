/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * every_bit - each of the 32 bits, set and cleared by every instruction that can; what is read
 * is mixed into a hash, and a trap after each lets the registers be compared with the bare
 * machine. No interrupt is pending, so SIE has no effect.
 */
#include "guest.inc"

main:
    li s0, 1
next:
    csrw sstatus, s0
    csrr t0, sstatus
    MIX t0
    csrrs t0, sstatus, s0
    MIX t0
    csrrc t0, sstatus, s0
    MIX t0
    li t1, -1
    csrrw t0, sstatus, t1
    MIX t0
    csrrc t0, sstatus, s0
    MIX t0
    TRAPS(BREAKPOINT, ebreak)
    csrrwi t0, sstatus, 0x1f
    MIX t0
    csrrci t0, sstatus, 0x0a
    MIX t0
    csrrsi t0, sstatus, 0x02
    MIX t0
    slli s0, s0, 1
    bnez s0, next
    j pass
