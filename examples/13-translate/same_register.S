/* SPDX-License-Identifier: GPL-2.0-or-later */
/* same_register - rd and rs1 are one: the two values change places. And x0 stays 0. */
#include "guest.inc"

main:
    li t0, 0x1974
    csrw sscratch, t0
    li t1, 0x2006
    csrrw t1, sscratch, t1
    IS(t1, 0x1974)
    csrr t3, sscratch
    IS(t3, 0x2006)
    csrrw sp, sscratch, sp
    IS(sp, 0x2006)
    csrr t3, sscratch
    IS(t3, STACK_TOP)
    csrrw zero, sscratch, t1
    mv t2, zero
    IS(t2, 0)
    csrrw zero, sscratch, zero
    csrr t3, sscratch
    IS(t3, 0)
    mv t2, zero
    IS(t2, 0)
    j pass
