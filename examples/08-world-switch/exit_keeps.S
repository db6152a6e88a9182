/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * exit_keeps - a reservation survives an exit that the guest cannot see: an instruction that
 * the monitor emulates, and the first access to a page. One VM alone.
 */
#include "guest.inc"

main:
    li s1, DATA
    li s2, DATA + 0x10000
    lr.w t0, (s1)
    csrr t1, sscratch
    sc.w t2, t0, (s1)
    CHECK(t2, zero)
    lr.w t0, (s1)
    lw t1, 0(s2)
    sc.w t2, t0, (s1)
    CHECK(t2, zero)
    j pass
