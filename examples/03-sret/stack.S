/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * stack - the one-deep stack in sstatus: SPP becomes user, whatever it was. After two SRETs in
 * a row, the second one returns to user mode.
 */
#include "guest.inc"

main:
    la t0, 1f
    csrw sepc, t0
    li t0, SSTATUS_SPP
    csrs sstatus, t0
    sret
1:  csrr t0, sstatus
    andi t0, t0, SSTATUS_SPP
    IS(t0, 0)
    la t0, user
    csrw sepc, t0
    TRY sret
    IS(s10, ILLEGAL)
    j pass

    .section .user, "ax"
user:
    csrr t0, sscratch
    ecall
