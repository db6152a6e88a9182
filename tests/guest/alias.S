/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * alias - one page at several addresses with different rights, in two spaces; and a page-table
 * page with a writable alias, through which the table is changed (tracing by address, not by
 * page, misses it).
 */
#include "guest.inc"
#define PAGE 0x40000000
#define READ 0x50000000
#define EXEC 0x60000000
#define TABLE 0x70000000

main:
    call new_space
    lw s5, root
    MAP READ, DATA, (V | R | A)
    MAP PAGE, DATA, RW
    call new_space
    MAP READ, DATA, (V | R | A)
    MAP EXEC, DATA, (V | X | A)
    MAP PAGE, DATA, RW
    mv s4, a0
    srli a1, a0, 12
    slli a1, a1, 10
    ori a1, a1, RW
    li a0, TABLE
    call map_pte
    call paging_on
    li s0, PAGE
    li s1, READ
    li s2, EXEC
    li s3, TABLE
    li t0, 0xfff
    and t0, s4, t0
    add s3, s3, t0

    li t0, INSN_RET
    sw t0, 0(s0)
    fence.i
    lw t1, 0(s1)
    CHECK(t0, t1)
    QUIET(jalr s2)
    TRAPS(STORE_PAGE, sw zero, 0(s1))
    TRAPS(STORE_PAGE, sw zero, 0(s2))
    TRAPS(LOAD_PAGE, lw t0, 0(s2))
    TRAPS(INSN_PAGE, jalr s0)
    TRAPS(INSN_PAGE, jalr s1)

    /* The second space sees what the first wrote, and has no more rights than its own. */
    csrr a4, satp
    srli t0, s5, 12
    li t1, 0x80000000
    or t0, t0, t1
    csrw satp, t0
    sfence.vma
    lw t0, 0(s1)
    IS(t0, INSN_RET)
    TRAPS(STORE_PAGE, sw zero, 0(s1))
    TRAPS(LOAD_PAGE, lw t0, 0(s2))
    sw zero, 0(s0)
    csrw satp, a4
    sfence.vma
    lw t0, 0(s1)
    CHECK(t0, zero)

    /* PAGE's entry, written at its alias. */
    li s4, 30
change:
    lw a0, 0(s3)
    IS(a0, PTE(DATA, RW))
    li t0, PTE(DATA, V | R | A)
    sw t0, 0(s3)
    sfence.vma s0, zero
    TRAPS(STORE_PAGE, sw zero, 0(s0))
    sw zero, 0(s3)
    sfence.vma s0, zero
    TRAPS(LOAD_PAGE, lw t0, 0(s0))
    li t0, PTE(DATA, RW)
    sw t0, 0(s3)
    sw s4, 0(s0)
    lw t0, 0(s1)
    CHECK(t0, s4)
    addi s4, s4, -1
    bnez s4, change
    j pass
