/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * print.S - the whole line by one firmware call.
 */
#include "guest.inc"

#define LENGTH 64

main:
    la a0, line
    li a1, LENGTH
    call print
    j pass

    .data
line:
    .ascii "Sixty-four bytes, and each of them finds its own way to a port.\n"
