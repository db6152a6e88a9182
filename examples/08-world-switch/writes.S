/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * writes - the monitor writes a guest register: csrr is emulated, and the guest must find the
 * value read there. Every register in turn; one VM alone.
 */
#include "guest.inc"

    .macro TAKE reg, n, by
    li \by, 0x1000 + \n
    csrw sscratch, \by
    li \reg, 0
    csrr \reg, sscratch
    CHECK(\reg, \by)
    .endm

main:
    TAKE ra, 1, s0
    TAKE gp, 3, s0
    TAKE tp, 4, s0
    TAKE t0, 5, s0
    TAKE t1, 6, s0
    TAKE t2, 7, s0
    TAKE s0, 8, a0
    TAKE s1, 9, a0
    TAKE a0, 10, s0
    TAKE a1, 11, s0
    TAKE a2, 12, s0
    TAKE a3, 13, s0
    TAKE a4, 14, s0
    TAKE a5, 15, s0
    TAKE a6, 16, s0
    TAKE a7, 17, s0
    TAKE s2, 18, s0
    TAKE s3, 19, s0
    TAKE s4, 20, s0
    TAKE s5, 21, s0
    TAKE s6, 22, s0
    TAKE s7, 23, s0
    TAKE s8, 24, s0
    TAKE s9, 25, s0
    TAKE s10, 26, s0
    TAKE s11, 27, s0
    TAKE t3, 28, s0
    TAKE t4, 29, s0
    TAKE t5, 30, s0
    TAKE t6, 31, s0
    TAKE sp, 2, s0
    li sp, STACK_TOP
    li s8, 0
    j pass
