/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * superpage - 4 MiB pages: D and A once for all of it, rights, a misaligned one, one beyond RAM,
 * one replaced by a table and back, with a fence for a single address inside.
 */
#include "guest.inc"
#define BIG 0x40000000

main:
    call new_space
    li a0, BIG
    li a1, PTE(SUPER, V | R | W | X)
    call map_super
    mv s0, a0
    call paging_on
    li s1, BIG
    li s2, BIG + 0x3ff000

    lw t0, 0(s1)
    lw t0, 0(s2)
    lw t0, 0(s0)
    IS(t0, PTE(SUPER, V | R | W | X | A))
    sw s1, 0(s1)
    lw t0, 0(s0)
    IS(t0, PTE(SUPER, RWX))
    sw s2, 0(s2)
    li t0, SUPER + 0x3ff000
    call physical
    CHECK(a0, s2)
    li t0, INSN_RET
    sw t0, 16(s2)
    fence.i
    addi t1, s2, 16
    QUIET(jalr t1)

    /* D cleared, fenced by another address of the page: a store sets it again. */
    li t0, PTE(SUPER, V | R | W | X | A)
    sw t0, 0(s0)
    sfence.vma s1, zero
    sw s2, 0(s2)
    lw t0, 0(s0)
    IS(t0, PTE(SUPER, RWX))

    /* Read-only. */
    li t0, PTE(SUPER, V | R | A | D)
    sw t0, 0(s0)
    sfence.vma s2, zero
    TRAPS(STORE_PAGE, sw zero, 0(s1))
    TRAPS(STORE_PAGE, sw zero, 0(s2))
    TRAPS(INSN_PAGE, jalr s2)

    /* Misaligned: the low half of the page number is not zero. */
    li t0, PTE(SUPER + 0x1000, RWX)
    sw t0, 0(s0)
    sfence.vma
    TRAPS(LOAD_PAGE, lw t0, 0(s1))
    TRAPS(STORE_PAGE, sw t0, 0(s1))
    TRAPS(INSN_PAGE, jalr s1)
    lw t0, 0(s0)
    IS(t0, PTE(SUPER + 0x1000, RWX))

    /* Beyond RAM. */
    li t0, PTE(RAM_SIZE, RWX)
    sw t0, 0(s0)
    sfence.vma
    TRAPS(LOAD_ACCESS, lw t0, 0(s1))
    TRAPS(STORE_ACCESS, sw t0, 0(s1))
    TRAPS(INSN_ACCESS, jalr s1)

    /* A table in its place, and back, ten times. */
    li s3, 10
    call new_table
    srli s4, a0, 2
    ori s4, s4, V
    li t0, PTE(DATA, RW)
    sw t0, 0(a0)
    li t1, 4 * 1023
    add t1, a0, t1
    li t0, PTE(DATA + 0x1000, RW)
    sw t0, 0(t1)
    li t0, DATA
    sw zero, 0(t0)
    li t0, DATA + 0x1000
    sw zero, 0(t0)
exchange:
    li t0, PTE(SUPER, RWX)
    sw t0, 0(s0)
    sfence.vma
    lw t0, 0(s1)
    CHECK(t0, s1)
    lw t0, 0(s2)
    CHECK(t0, s2)
    sw s4, 0(s0)
    li t0, BIG + 0x123456
    sfence.vma t0, zero
    lw t0, 0(s1)
    CHECK(t0, zero)
    lw t0, 0(s2)
    CHECK(t0, zero)
    li t0, BIG + 0x5000
    TRAPS(LOAD_PAGE, lw t0, 0(t0))
    addi s3, s3, -1
    bnez s3, exchange
    j pass

    /* a0: the word at physical address t0. */
physical:
    csrr t1, satp
    csrw satp, zero
    lw a0, 0(t0)
    csrw satp, t1
    ret
