/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * tamper.S - your work: a program that changes what it may only read. The kernel has put 1974
 * into a page, and has mapped it read-only for programs at SHARED. The program has to change it
 * to 0xcafe. After any trap of the program, an ecall or anything else, the kernel prints the
 * word.
 */
#include "guest.inc"

#define SHARED 0x40000000
#define PROGRAM 0x50000000

main:
    li t0, DATA
    li t1, 1974
    sw t1, 0(t0)
    call new_space
    MAP SHARED, DATA, V | R | A | D | U
    la a1, program
    srli a1, a1, 2
    ori a1, a1, RX | U
    li a0, PROGRAM
    call map_pte
    call paging_on
    li t0, PROGRAM
    USER t0
    li t0, DATA
    lw a0, 0(t0)
    call print_hex
    j pass

    /* Your part: runs in user mode, at PROGRAM. At most one page. */
    .section .user, "ax"
    .balign 4096
program:
    ecall
