/* SPDX-License-Identifier: GPL-2.0-or-later */
/* often - 1000 writes that concern nobody but the virtual CPU: none needs an exit. */
#include "guest.inc"

main:
    li s0, 200
2:  csrw sscratch, s0
    csrw sepc, s0
    csrw stval, s0
    csrw scause, s0
    csrw sstatus, zero
    addi s0, s0, -1
    bnez s0, 2b
    j pass
