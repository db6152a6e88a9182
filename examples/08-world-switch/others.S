/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * others - another VM's reservation does not count here, even for the same address and value.
 * Each VM holds one for a while, then none for a while, out of phase with the other.
 */
#include "switch.inc"

main:
    SEED
    li s1, DATA
    li s2, 1
    li s3, 20
    andi a0, a0, 15
    slli a0, a0, 3
    addi a0, a0, 8
1:  addi a0, a0, -1
    bnez a0, 1b
next:
    lr.w t0, (s1)
    SPIN t1, 50
    TRY ebreak
    SPIN t1, 30
    sc.w t2, zero, (s1)
    CHECK(t2, s2)
    SPIN t1, 20
    addi s3, s3, -1
    bnez s3, next
    j pass
