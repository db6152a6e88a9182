/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * others - a reservation of another VM's is of no use here, though it is for the same address and
 * the same value. Each VM has one for a while, and then none for a while, and they are out of step.
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
