/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * reserved - invalid and reserved entries: V clear, W without R, a pointer at the last level or
 * with D, A or U set, a misaligned superpage; and tables outside RAM.
 */
#include "guest.inc"
#define PAGE 0x40000000

    .macro ALL_TRAP insn, load, store
    TRAPS(\load, lw t0, 0(s1))
    TRAPS(\store, sw zero, 0(s1))
    TRAPS(\insn, jalr s1)
    .endm

    /* Writes t0 as the entry at \at. */
    .macro ENTRY at
    sw t0, 0(\at)
    sfence.vma
    .endm

main:
    li t1, DATA
    li t0, INSN_RET
    sw t0, 0(t1)
    li t1, SUPER + 0x1000
    sw t0, 0(t1)
    call new_space
    MAP PAGE, DATA, RWX
    mv s0, a0
    lw s2, root
    addi s2, s2, 1024
    call paging_on
    li s1, PAGE

    .irp flags, 0, (R | W | X | A | D), V, (V | U | A | D), (V | W | A | D), (V | W | X | A | D)
    li t0, PTE(DATA, \flags)
    ENTRY s0
    ALL_TRAP INSN_PAGE, LOAD_PAGE, STORE_PAGE
    .endr

    lw s3, 0(s2)
    li t0, PTE(DATA, RWX)
    ENTRY s0
    .irp flags, U, A, D
    ori t0, s3, \flags
    ENTRY s2
    ALL_TRAP INSN_PAGE, LOAD_PAGE, STORE_PAGE
    .endr
    ori t0, s3, G
    ENTRY s2
    QUIET(jalr s1)

    .irp flags, 0, (V | W | A | D), (V | W | X | A | D)
    li t0, PTE(SUPER, \flags)
    ENTRY s2
    ALL_TRAP INSN_PAGE, LOAD_PAGE, STORE_PAGE
    .endr
    li t0, PTE(SUPER + 0x1000, RWX)
    ENTRY s2
    ALL_TRAP INSN_PAGE, LOAD_PAGE, STORE_PAGE

    .irp number, 0x800, 0x100000, 0x3fffff
    li t0, (\number << 10) | V
    ENTRY s2
    ALL_TRAP INSN_ACCESS, LOAD_ACCESS, STORE_ACCESS
    .endr
    j pass
