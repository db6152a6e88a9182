/* SPDX-License-Identifier: GPL-2.0-or-later */
/* trips - 100,000 traps that a monitor emulates by reading a CSR. What each costs is measured by it. */
#include "guest.inc"

main:
    li    s0, 100000
1:  csrr  t0, sscratch
    addi  s0, s0, -1
    bnez  s0, 1b
    j     pass
