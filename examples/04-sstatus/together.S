/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * together - the fields are independent: csrs and csrc leave the others unchanged, csrw writes
 * all.
 */
#include "guest.inc"

main:
    li t0, SSTATUS_SPIE | SSTATUS_SUM
    csrw sstatus, t0
    li t0, SSTATUS_SPP
    csrs sstatus, t0
    csrr t1, sstatus
    li t2, SSTATUS_SPIE | SSTATUS_SUM | SSTATUS_SPP
    and t1, t1, t2
    CHECK(t1, t2)
    li t0, SSTATUS_SUM
    csrc sstatus, t0
    csrr t1, sstatus
    and t1, t1, t2
    IS(t1, SSTATUS_SPIE | SSTATUS_SPP)
    li t0, SSTATUS_SPP
    csrw sstatus, t0
    csrr t1, sstatus
    and t1, t1, t2
    IS(t1, SSTATUS_SPP)
    j pass
