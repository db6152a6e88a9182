/* SPDX-License-Identifier: GPL-2.0-or-later */
/* swap - csrrw gives the old value, and leaves the new one. */
#include "guest.inc"

main:
    li t0, 0x1974
    csrw sscratch, t0
    li t1, 0x2006
    csrrw t2, sscratch, t1
    IS(t2, 0x1974)
    IS(t1, 0x2006)
    csrr t3, sscratch
    IS(t3, 0x2006)
    li t1, 0xffffffff
    csrrw t2, sepc, t1
    csrr t3, sepc
    IS(t3, 0xfffffffe)
    j pass
