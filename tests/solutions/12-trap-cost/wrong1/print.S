/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * print.S - wrong: no longer by the port, but still byte by byte.
 */
#include "guest.inc"

#define LENGTH 64

main:
    la s1, line
    li s2, LENGTH
1:  lbu a0, 0(s1)
    SBI SBI_DBCN, 2
    addi s1, s1, 1
    addi s2, s2, -1
    bnez s2, 1b
    j pass

    .data
line:
    .ascii "Sixty-four bytes, and each of them finds its own way to a port.\n"
