/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * modes - a page that the kernel has just used is still inaccessible to its programs, and one
 * that a program has used to the kernel.
 */
#include "guest.inc"
#define CODE 0x40000000
#define THEIRS 0x40001000
#define OURS 0x40002000

main:
    call new_space
    la s0, user
    srli a1, s0, 2
    ori a1, a1, RX | U
    li a0, CODE
    call map_pte
    MAP THEIRS, DATA, (RW | U)
    MAP OURS, (DATA + 0x1000), RW
    call paging_on
    li s1, THEIRS
    li s2, OURS
    li s3, CODE
    li s5, 3
1:  QUIET(sw s2, 0(s2))
    USER s3
    IS(s10, LOAD_PAGE)
    CHECK(s9, s2)
    TRAPS(LOAD_PAGE, lw t0, 0(s1))
    TRAPS(INSN_PAGE, jalr s3)
    addi s5, s5, -1
    bnez s5, 1b
    j pass

    .section .user, "ax"
user:
    sw s1, 0(s1)
    lw s4, 0(s2)
    ecall
