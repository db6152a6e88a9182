/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A library system's pager: which page is in which frame, and when it goes to the disk. What it is
 * given, and the kernel's calls, are in tests/guest/pager.inc.
 */
#include "pager.inc"

pager:
    /* a0: the page's address, a1: 1 to write, 0 to read. This is right for one page alone. */
    mv a2, a1
    li a1, 0
    li a7, MAP
    ecall
    li a7, DONE
    ecall

    .data
    .balign 4
    /* What you have to remember. */
    .text
