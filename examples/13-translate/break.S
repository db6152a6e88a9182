/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * break.S - your work: a kernel that tells each of three wrong translations of csrrw from the bare
 * machine. What it prints has to differ under each, and to be the same under a right one.
 */
#include "guest.inc"

main:
    li t0, 0x1974
    csrw sscratch, t0
    li t1, 0x2006
    csrrw a0, sscratch, t1
    call print_hex

    /* Your part: more of it. */

    j pass
