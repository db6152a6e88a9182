/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A witness against lra: `LRA rd, rs1` gives the physical address that a load at rs1 would use.
 * What does a kernel without paging expect of it?
 */
#include "guest.inc"

    /* Assemblers do not know LRA: rd and rs1 are register numbers. */
#define LRA(rd, rs1) .word 0x0000000b | (rd) << 7 | (rs1) << 15

main:
    /* Your witness: a0 must come out differently bare and in a VM. Then: call print_hex; j pass */
    li a0, 0
    j fail
