/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * asid - two spaces under ASIDs of their own, switched between without a fence; a fence of one
 * ASID leaves the other usable and reaches its own; the same root under two ASIDs; global pages.
 */
#include "guest.inc"
#define PAGE 0x40000000
#define GLOBAL 0x50000000

main:
    li t0, DATA
    li t1, 0x1111
    sw t1, 0(t0)
    li t0, DATA + 0x1000
    li t1, 0x2222
    sw t1, 0(t0)
    call new_space
    MAP PAGE, DATA, RW
    mv s0, a0
    MAP GLOBAL, DATA, (RW | G)
    lw s2, root
    call new_space
    MAP PAGE, (DATA + 0x1000), RW
    mv s1, a0
    MAP GLOBAL, DATA, (RW | G)
    lw s3, root
    li t0, 0x80000000 | 1 << 22
    srli s2, s2, 12
    or s2, s2, t0
    li t0, 0x80000000 | 511 << 22
    srli s3, s3, 12
    or s3, s3, t0
    csrw satp, s2
    sfence.vma
    li s4, 20
    li a4, PAGE
    li a5, GLOBAL
    li a6, 1
    li a7, 511
switch:
    csrw satp, s2
    lw t0, 0(a4)
    IS(t0, 0x1111)
    csrw satp, s3
    lw t0, 0(a4)
    IS(t0, 0x2222)
    lw t0, 0(a5)
    IS(t0, 0x1111)

    /* Exchange both pages, fence each by its ASID from the other. */
    li t0, PTE(DATA + 0x1000, RW)
    sw t0, 0(s0)
    sfence.vma zero, a6
    csrw satp, s2
    lw t0, 0(a4)
    IS(t0, 0x2222)
    li t0, PTE(DATA, RW)
    sw t0, 0(s1)
    sfence.vma a4, a7
    csrw satp, s3
    lw t0, 0(a4)
    IS(t0, 0x1111)
    li t0, PTE(DATA, RW)
    sw t0, 0(s0)
    li t0, PTE(DATA + 0x1000, RW)
    sw t0, 0(s1)
    sfence.vma
    addi s4, s4, -1
    bnez s4, switch

    /* One root, a second ASID, changed under the first. */
    csrw satp, s2
    lw t0, 0(a4)
    li t0, 0x00800000
    add t1, s2, t0
    csrw satp, t1
    lw t0, 0(a4)
    IS(t0, 0x1111)
    sw zero, 0(s0)
    li t0, 3
    sfence.vma zero, t0
    TRAPS(LOAD_PAGE, lw t0, 0(a4))
    csrw satp, s2
    sfence.vma a4, a6
    TRAPS(LOAD_PAGE, lw t0, 0(a4))

    /* A global page goes with a fence of every ASID. */
    lw t0, 0(a5)
    li t1, PTE(DATA + 0x1000, RW | G)
    sw t1, 0(s0)
    addi t1, s0, 0
    sfence.vma
    lw t0, 0(a4)
    IS(t0, 0x2222)
    j pass
