/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * alone - one guest, a few pages: what was stored is there again, in page 0 too, byte by byte, and
 * a page that nobody has used is all zeros.
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

    /* Page 0 holds the way in, and is not needed any more. */
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
