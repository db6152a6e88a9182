/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * own - a VM's reservation survives the turn of another VM, which makes one too, for another
 * word with another value.
 */
#include "switch.inc"

main:
    SEED
    li s10, 0
    slli a0, a0, 2
    li s1, DATA
    add s1, s1, a0
    lw s2, seed
    sw s2, 0(s1)
    li s3, 20
next:
    lr.w t0, (s1)
    SPIN t1, 60
    sc.w t2, t0, (s1)
    CHECK(t2, zero)
    addi s3, s3, -1
    bnez s3, next
    CHECK(s10, zero)
    j pass
