/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * pte_narrow - entries narrowed, moved and removed *without* a fence: until there is one, either
 * the old entry or the new may be used, and nothing else; after it only the new. The bare
 * machine has no TLB and always takes the new one. Nothing that may differ is printed.
 */
#include "guest.inc"
#define PAGE 0x40000000

main:
    li t0, DATA + 0x1000
    li t1, 0x2222
    sw t1, 0(t0)
    call new_space
    MAP PAGE, DATA, RWX
    mv s0, a0
    call paging_on
    li s1, PAGE
    li s2, 24
again:
    /* To read-only: the store happens in full, or faults. */
    call reset
    li t0, PTE(DATA, V | R | A | D)
    sw t0, 0(s0)
    li t0, 0x5555
    TRY sw t0, 0(s1)
    li t0, DATA
    lw t1, 0(t0)
    li t2, -1
    li t3, 0x1111
    li t4, STORE_PAGE
    bne s10, t2, 2f
    li t3, 0x5555
    mv t4, t2
2:  CHECK(s10, t4)
    CHECK(t1, t3)
    sfence.vma
    TRAPS(STORE_PAGE, sw t0, 0(s1))

    /* Moved: the old page's word or the new one's. */
    call reset
    li t0, PTE(DATA + 0x1000, RWX)
    sw t0, 0(s0)
    lw t1, 0(s1)
    li t2, 0x1111
    beq t1, t2, 3f
    IS(t1, 0x2222)
3:  sfence.vma s1, zero
    lw t1, 0(s1)
    IS(t1, 0x2222)

    /* Removed. */
    call reset
    sw zero, 0(s0)
    li t1, 0
    TRY lw t1, 0(s1)
    li t2, LOAD_PAGE
    beq s10, t2, 4f
    IS(t1, 0x1111)
4:  sfence.vma s1, zero
    TRAPS(LOAD_PAGE, lw t1, 0(s1))

    /* D cleared: a store may find it still set in the TLB. After the fence it sets it. */
    call reset
    li t0, PTE(DATA, V | R | W | A)
    sw t0, 0(s0)
    li t0, 0x1111
    sw t0, 0(s1)
    sfence.vma
    sw t0, 0(s1)
    lw t0, 0(s0)
    IS(t0, PTE(DATA, RW))
    addi s2, s2, -1
    bnez s2, again
    csrw satp, zero
    li t0, DATA
    sw zero, 0(t0)
    li s11, 0
    j pass

reset:
    li t0, PTE(DATA, RWX)
    sw t0, 0(s0)
    sfence.vma
    li t0, 0x1111
    sw t0, 0(s1)
    ret
