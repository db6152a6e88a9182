/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * tables - a guest may keep its page table in page 0. Run with --shadow trace: the monitor watches
 * the page that pmap_lookup() names, and has to notice each change to it.
 */
#include "guest.inc"
#define PAGE 0x40000000

main:
    call new_space
    lw t0, root
    li t1, V
    sw t1, 4 * 256(t0)
    li t0, DATA
    sw t0, 0(t0)
    li t0, DATA + 0x1000
    sw t0, 0(t0)
    li t1, PTE(DATA, RW)
    sw t1, 0(zero)
    call paging_on
    li s1, PAGE
    li s2, 10
1:  li t1, PTE(DATA, RW)
    sw t1, 0(zero)
    sfence.vma
    lw t0, 0(s1)
    IS(t0, DATA)
    li t1, PTE(DATA + 0x1000, RW)
    sw t1, 0(zero)
    sfence.vma
    lw t0, 0(s1)
    IS(t0, DATA + 0x1000)
    sw zero, 0(zero)
    sfence.vma
    TRAPS(LOAD_PAGE, lw t0, 0(s1))
    addi s2, s2, -1
    bnez s2, 1b
    j pass
