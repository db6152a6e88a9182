/* SPDX-License-Identifier: GPL-2.0-or-later */
/* to_supervisor - SRET with SPP set: execution continues in supervisor mode, at sepc. */
#include "guest.inc"

main:
    la t0, 1f
    csrw sepc, t0
    li t0, SSTATUS_SPP
    csrs sstatus, t0
    sret
    li a0, __LINE__
    j fail
1:  QUIET(csrr t0, sscratch)
    j pass
