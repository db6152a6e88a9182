/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * trap_ends - a trap that the guest's own handler takes ends the reservation, and so does a
 * firmware call. The monitor does so on the virtual CPU. One VM alone.
 */
#include "guest.inc"

main:
    li s1, DATA
    li s2, 1
    lr.w t0, (s1)
    TRY ebreak
    sc.w t2, t0, (s1)
    CHECK(t2, s2)
    lr.w t0, (s1)
    TRY .word 0xffffffff
    sc.w t2, t0, (s1)
    CHECK(t2, s2)
    lr.w t0, (s1)
    li a7, -1
    ecall
    sc.w t2, t0, (s1)
    CHECK(t2, s2)
    j pass
