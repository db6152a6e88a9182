/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * read_only - a read-only user page: after a load, a store to it traps, and so does a jump. The
 * same for the supervisor, with SUM.
 */
#include "guest.inc"

#define SHARED 0x40000000
#define PROGRAM 0x50000000

main:
    call new_space
    MAP SHARED, DATA, V | R | A | D | U
    la a1, store_it
    srli a1, a1, 2
    ori a1, a1, RX | U
    li a0, PROGRAM
    call map_pte
    call paging_on
    li s0, SHARED
    li t0, PROGRAM
    USER t0
    IS(s10, STORE_PAGE)
    li t0, PROGRAM + 12 /* jump_there */
    USER t0
    IS(s10, INSN_PAGE)
    li t0, SSTATUS_SUM
    csrs sstatus, t0
    QUIET(lw t0, 0(s0))
    TRAPS(STORE_PAGE, sw t0, 0(s0))
    j pass

    .section .user, "ax"
    .balign 4096
store_it:
    lw t0, 0(s0)
    sw t0, 0(s0)
    ecall
jump_there:
    lw t0, 0(s0)
    jr s0
