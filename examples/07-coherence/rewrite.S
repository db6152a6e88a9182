/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * rewrite - a kernel that moves one page again and again: in each of 100 rounds it writes one
 * entry, fences everything, and reads a word of eight pages, of which one is the page that moved.
 */
#include "guest.inc"
#define PAGE 0x40000000
#define PAGES 8
#define ROUNDS 100

main:
    call new_space
    li s1, PAGE
    li s2, PAGES
    li s3, PTE(DATA, RW)
next:
    mv a0, s1
    mv a1, s3
    call map_pte
    lui t0, 1
    add s1, s1, t0
    addi s3, s3, PTE(0x1000, 0)
    addi s2, s2, -1
    bnez s2, next
    mv s0, a0
    li s2, ROUNDS
    call paging_on
round:
    sw s3, 0(s0)
    addi s3, s3, PTE(0x1000, 0)
    sfence.vma
    li t1, PAGE
    lui t3, 1
    li t2, PAGES
1:  lw t0, 0(t1)
    add t1, t1, t3
    addi t2, t2, -1
    bnez t2, 1b
    addi s2, s2, -1
    bnez s2, round
    j pass
