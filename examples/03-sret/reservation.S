/* SPDX-License-Identifier: GPL-2.0-or-later */
/* reservation - a trap handler ends a reservation: after it has returned, SC.W must fail. */
#include "guest.inc"

main:
    li s1, DATA
    la t0, 1f
    csrw sepc, t0
    li t0, SSTATUS_SPP
    csrs sstatus, t0
    lr.w t1, (s1)
    sret
1:  sc.w t2, t1, (s1)
    MIX t2
    IS(t2, 1)
    j pass
