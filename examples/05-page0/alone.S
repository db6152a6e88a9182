/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * alone - one guest, a few pages: what was stored is read back, byte by byte, in page 0 too;
 * and an unused page is all zeros.
 */
#include "guest.inc"

main:
    li s0, DATA
    li t0, 0x01020304
    sw t0, 0(s0)
    sw s0, 16(s0)
    lw t1, 0(s0)
    CHECK(t1, t0)
    lw t1, 16(s0)
    CHECK(t1, s0)
    lbu t1, 1(s0)
    IS(t1, 3)
    lw t1, 20(s0)
    CHECK(t1, zero)

    /* Page 0 holds the entry code, which is no longer needed. */
    sw s0, 0(zero)
    lw t1, 0(zero)
    CHECK(t1, s0)
    li t0, 0xffc
    sw t0, 0(t0)
    lw t1, 2044(zero)
    CHECK(t1, zero)
    lw t1, 0(t0)
    CHECK(t1, t0)
    lw t1, 0(s0)
    IS(t1, 0x01020304)
    j pass
