/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A witness against lra: `LRA rd, rs1` gives the physical address that a load at rs1 would use.
 * What does a kernel without paging expect of it?
 */
#include "guest.inc"

    /* No assembler knows it: rd and rs1 are register numbers. */
#define LRA(rd, rs1) .word 0x0000000b | (rd) << 7 | (rs1) << 15

main:
    li t1, 1000
1:  addi t1, t1, -1
    bnez t1, 1b
    la a0, main
    LRA(10, 10)
    call print_hex
    j pass
