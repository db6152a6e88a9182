/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * tamper.S - a load, which is allowed, brings the entry with all rights; then a store.
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

    .section .user, "ax"
    .balign 4096
program:
    li t0, SHARED
    lw t1, 0(t0)
    li t1, 0xcafe
    sw t1, 0(t0)
    ecall
