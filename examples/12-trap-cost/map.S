/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * map.S - your work: map 64 consecutive pages, from WINDOW on, with fewer exits. This starter
 * fences after each. The order of the frames, DATA + 0, 3, 6... pages, must stay the same; at
 * the end every page is written, and then read.
 *
 * guest.inc: call map_pte puts the entry in a1 for the address in a0 into the guest's own
 * table; call paging_on sets satp. SFENCE.VMA without operands drops all cached translations.
 */
#include "guest.inc"

#define WINDOW 0x40000000
#define PAGES 64
#define FRAME ((3 * 4096) >> 2) /* between one entry and the next */

main:
    call new_space
    call paging_on
    li s0, WINDOW
    li s1, PTE(DATA, RW)
    li s2, PAGES
    li s3, FRAME
1:  mv a0, s0
    mv a1, s1
    call map_pte
    sfence.vma
    li t0, 0x1000
    add s0, s0, t0
    add s1, s1, s3
    addi s2, s2, -1
    bnez s2, 1b

    /* Leave the rest unchanged. */
    li s0, WINDOW
    li s2, PAGES
2:  sw s2, 0(s0)
    lw t1, 0(s0)
    MIX t1
    li t0, 0x1000
    add s0, s0, t0
    addi s2, s2, -1
    bnez s2, 2b
    li t0, DATA
    lw t1, 0(t0)
    IS(t1, PAGES)
    li t0, DATA + (PAGES - 1) * 3 * 4096
    lw t1, 0(t0)
    IS(t1, 1)
    j pass
