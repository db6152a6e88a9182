/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * reads - the monitor reads a guest register: csrw is emulated, and must write what the guest
 * has just computed. Every register in turn; one VM alone.
 */
#include "guest.inc"

    .macro GIVE reg, n, by, other
    li \reg, 0x1000 + \n
    csrw sscratch, \reg
    csrr \by, sscratch
    li \other, 0x1000 + \n
    CHECK(\by, \other)
    .endm

main:
    GIVE ra, 1, s0, s1
    GIVE gp, 3, s0, s1
    GIVE tp, 4, s0, s1
    GIVE t0, 5, s0, s1
    GIVE t1, 6, s0, s1
    GIVE t2, 7, s0, s1
    GIVE s0, 8, a0, a1
    GIVE s1, 9, a0, a1
    GIVE a0, 10, s0, s1
    GIVE a1, 11, s0, s1
    GIVE a2, 12, s0, s1
    GIVE a3, 13, s0, s1
    GIVE a4, 14, s0, s1
    GIVE a5, 15, s0, s1
    GIVE a6, 16, s0, s1
    GIVE a7, 17, s0, s1
    GIVE s2, 18, s0, s1
    GIVE s3, 19, s0, s1
    GIVE s4, 20, s0, s1
    GIVE s5, 21, s0, s1
    GIVE s6, 22, s0, s1
    GIVE s7, 23, s0, s1
    GIVE s8, 24, s0, s1
    GIVE s9, 25, s0, s1
    GIVE s10, 26, s0, s1
    GIVE s11, 27, s0, s1
    GIVE t3, 28, s0, s1
    GIVE t4, 29, s0, s1
    GIVE t5, 30, s0, s1
    GIVE t6, 31, s0, s1
    GIVE sp, 2, s0, s1
    li sp, STACK_TOP
    li s8, 0
    j pass
