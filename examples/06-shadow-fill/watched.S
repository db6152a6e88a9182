/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * watched - changes to both levels of a page table, each fenced. Run with --shadow trace: the
 * monitor watches the tables that the walk has reported, and no others.
 */
#include "guest.inc"
#define PAGE 0x40000000

    .macro SEES value
    sfence.vma
    lw t0, 0(s1)
    IS(t0, \value)
    .endm

main:
    li t0, 1
    li t1, DATA
    sw t0, 0(t1)
    li t0, 2
    li t1, DATA + 0x1000
    sw t0, 0(t1)
    li t0, 3
    li t1, SUPER
    sw t0, 0(t1)
    call new_space
    MAP PAGE, DATA, RW
    mv s0, a0
    lw s2, root
    addi s2, s2, 1024
    call paging_on
    li s1, PAGE
    li s3, 5
1:  SEES 1
    li t0, PTE(DATA + 0x1000, RW)
    sw t0, 0(s0)
    SEES 2
    lw s4, 0(s2)
    li t0, PTE(SUPER, RW)
    sw t0, 0(s2)
    SEES 3
    sw s4, 0(s2)
    SEES 2
    li t0, PTE(DATA, RW)
    sw t0, 0(s0)
    addi s3, s3, -1
    bnez s3, 1b
    j pass
