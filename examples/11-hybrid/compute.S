/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * compute - a program that computes, and calls its kernel four times. The kernel's part is a few
 * hundred instructions, the program's some 240,000.
 */
#include "guest.inc"

main:
    li s2, 4
round:
    la t0, user
    USER t0
    IS(s10, ECALL_U)
    addi s2, s2, -1
    bnez s2, round
    j pass

    .section .user, "ax"
user:
    li t0, 12000
1:  MIX t0
    addi t0, t0, -1
    bnez t0, 1b
    ecall
