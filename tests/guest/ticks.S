/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ticks - prints a number a line, from 1 on, without end; and between two of them writes to memory:
 * for whoever wants to stop it somewhere, save it or move it.
 */
#include "guest.inc"

#define ROUNDS 3000

main:
    li s0, 0
1:  addi s0, s0, 1
    li t0, ROUNDS
2:  li t1, DATA
    li t2, DATA + 0x40000
3:  sw s0, 0(t1)
    li t3, 4096
    add t1, t1, t3
    bne t1, t2, 3b
    addi t0, t0, -1
    bnez t0, 2b

    mv a0, s0
    call print_hex
    j 1b
