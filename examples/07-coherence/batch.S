/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * batch - a kernel that changes many entries of a page table at once: in each of 8 rounds it
 * gives 64 pages new frames, with one store for each entry, then fences once, and then reads a
 * word of each page. The table is in use: it has been walked before the first round.
 */
#include "guest.inc"
#define PAGE 0x40000000
#define PAGES 64
#define ROUNDS 8

main:
    call new_space
    MAP PAGE, DATA, RW
    mv s0, a0
    li s1, PAGE
    li s2, ROUNDS
    li s3, PTE(DATA, RW)
    call paging_on
    lw t0, 0(s1)
round:
    mv t0, s3
    mv t1, s0
    li t2, PAGES
1:  sw t0, 0(t1)
    addi t0, t0, PTE(0x1000, 0)
    addi t1, t1, 4
    addi t2, t2, -1
    bnez t2, 1b
    sfence.vma
    mv t1, s1
    lui t3, 1
    li t2, PAGES
2:  lw t0, 0(t1)
    add t1, t1, t3
    addi t2, t2, -1
    bnez t2, 2b
    addi s3, s3, PTE(0x1000, 0)
    addi s2, s2, -1
    bnez s2, round
    j pass
