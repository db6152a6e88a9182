/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * dirty - a page is loaded from and later stored to: then D must be set in its entry, or the
 * kernel would discard the page as unmodified. Again after the kernel has cleared D.
 */
#include "guest.inc"
#define PAGE 0x40000000

    .macro IS_DIRTY
    lw t0, 0(s0)
    andi t0, t0, D
    IS(t0, D)
    .endm

main:
    call new_space
    MAP PAGE, DATA, (V | R | W | A)
    mv s0, a0
    call paging_on
    li s1, PAGE
    lw t0, 0(s1)
    sw zero, 4(s1)
    IS_DIRTY

    li s2, 3
1:  li t0, PTE(DATA, V | R | W | A)
    sw t0, 0(s0)
    sfence.vma s1, zero
    lw t0, 0(s1)
    sw s2, 0(s1)
    IS_DIRTY
    lw t0, 0(s1)
    CHECK(t0, s2)
    addi s2, s2, -1
    bnez s2, 1b
    j pass
