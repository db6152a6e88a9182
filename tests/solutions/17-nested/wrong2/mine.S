/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mine.S - another kernel than the one that the answers are about. */
#include "guest.inc"

main:
    li s0, 8
    li s1, DATA
2:  lw t0, 0(s1)
    lui t1, 1
    add s1, s1, t1
    addi s0, s0, -1
    bnez s0, 2b
    li s0, 300
    la s2, program
3:  USER s2
    csrr t0, sscratch
    addi s0, s0, -1
    bnez s0, 3b
    j pass

program:
    ecall
