/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * selfmap - a leaf table that maps itself, and a root that is also a leaf table, so that one
 * word is a superpage at one address and a page at another. Edited through their own mappings.
 */
#include "guest.inc"
#define WINDOW 0x40000000
#define PAGE 0x40005000
#define SELF 0xffc00000
#define BIG 0x80000000

main:
    li t0, DATA
    li t1, 0x1111
    sw t1, 0(t0)
    li t0, DATA + 0x1000
    li t1, 0x2222
    sw t1, 0(t0)
    li t0, SUPER
    li t1, 0x3333
    sw t1, 0(t0)

    call new_space
    MAP PAGE, DATA, RW
    /* The table that this entry is in, at WINDOW. */
    srli t0, a0, 12
    slli t0, t0, 10
    ori a1, t0, RW
    li a0, WINDOW
    call map_pte
    /* root[1023] = root; the entry of BIG is then also that of the page SELF + 0x200000. */
    lw a1, root
    srli a1, a1, 2
    ori a1, a1, V
    li a0, SELF
    call map_super
    li a0, BIG
    li a1, PTE(SUPER, RW)
    call map_super
    call paging_on

    li s0, WINDOW + 4 * 5
    li s1, PAGE
    li s3, 20
edit:
    lw a0, 0(s1)
    IS(a0, 0x1111)
    li t0, PTE(DATA + 0x1000, RW)
    sw t0, 0(s0)
    sfence.vma s1, zero
    lw a0, 0(s1)
    IS(a0, 0x2222)
    li t0, PTE(DATA, V | R | A)
    sw t0, 0(s0)
    sfence.vma s1, zero
    TRAPS(STORE_PAGE, sw zero, 0(s1))
    li t0, PTE(DATA, RW)
    sw t0, 0(s0)
    sfence.vma s1, zero
    addi s3, s3, -1
    bnez s3, edit

    /* The table takes itself away, and comes back by its physical address. */
    li s2, WINDOW
    lw s4, 0(s2)
    sw zero, 0(s2)
    sfence.vma s2, zero
    TRAPS(LOAD_PAGE, lw a0, 0(s2))
    QUIET(lw a0, 0(s1))

    li s0, BIG
    lw a0, 0(s0)
    IS(a0, 0x3333)
    li s1, SELF + 0x200000
    lw a0, 0(s1)
    IS(a0, 0x3333)
    sw zero, 4(s1)
    /* One word: now a page that the big one, misaligned, is not. */
    lw t1, root
    li t0, PTE(DATA + 0x1000, RW)
    li t2, 4 * 512
    add t1, t1, t2
    sw t0, 0(t1)
    sfence.vma
    lw a0, 0(s1)
    IS(a0, 0x2222)
    TRAPS(LOAD_PAGE, lw a0, 0(s0))

    /* Pointers are no leaves: the root as a leaf table shows none of the other tables. */
    li s1, SELF + 0x100000
    TRAPS(LOAD_PAGE, lw a0, 0(s1))
    j pass
