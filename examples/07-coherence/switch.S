/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * switch - a kernel that switches between two processes, each with its own page table and ASID: in
 * each of 50 rounds it writes satp for the one, reads a word of each of its 32 pages, and does the
 * same for the other. No table is changed, so there is no fence.
 */
#include "guest.inc"
#define PAGE 0x40000000
#define PAGES 32
#define ROUNDS 50

main:
    li a2, DATA
    li a3, 0x80000000 | 1 << 22
    call process
    mv s0, a0
    li a2, DATA + PAGES * 0x1000
    li a3, 0x80000000 | 2 << 22
    call process
    mv s1, a0
    li s2, ROUNDS
round:
    csrw satp, s0
    call read_all
    csrw satp, s1
    call read_all
    addi s2, s2, -1
    bnez s2, round
    j pass

read_all:
    li t1, PAGE
    lui t3, 1
    li t2, PAGES
1:  lw t0, 0(t1)
    add t1, t1, t3
    addi t2, t2, -1
    bnez t2, 1b
    ret

    /*
     * Makes an address space with PAGES pages at PAGE, in frames from a2 on. Returns satp in
     * a0, with the bits of a3.
     */
process:
    mv s5, ra
    call new_space
    li s3, PAGE
    li s4, PAGES
    srli a2, a2, 2
    ori a4, a2, RW
2:  mv a0, s3
    mv a1, a4
    call map_pte
    lui t0, 1
    add s3, s3, t0
    addi a4, a4, PTE(0x1000, 0)
    addi s4, s4, -1
    bnez s4, 2b
    lw a0, root
    srli a0, a0, 12
    or a0, a0, a3
    jr s5
