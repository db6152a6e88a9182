/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * table_zero - page tables in physical page 0: a root there, and a leaf table there, with entry
 * 0 at physical address 0 in use. A monitor that takes address 0 for "no entry" gives it all
 * rights, and does not watch it.
 */
#include "guest.inc"
#define HIGH 0x7fc00000
#define PAGE 0x40000000

main:
    /* A leaf table in page 0. */
    call new_space
    lw t0, root
    li t1, V
    sw t1, 4 * 256(t0)
    li t1, PTE(DATA, V | R)
    sw t1, 0(zero)
    call paging_on
    li s1, PAGE
    li s2, 20
leaf:
    QUIET(lw t0, 0(s1))
    TRAPS(STORE_PAGE, sw zero, 0(s1))
    TRAPS(INSN_PAGE, jalr s1)
    li t0, PTE(DATA, RW)
    sw t0, 0(zero)
    sfence.vma
    QUIET(sw s1, 0(s1))
    li t0, PTE(DATA, V | R)
    sw t0, 0(zero)
    sfence.vma
    TRAPS(STORE_PAGE, sw zero, 0(s1))
    lw t0, 0(s1)
    CHECK(t0, s1)
    sw zero, 0(zero)
    sfence.vma
    TRAPS(LOAD_PAGE, lw t0, 0(s1))
    li t0, PTE(DATA, V | R)
    sw t0, 0(zero)
    addi s2, s2, -1
    bnez s2, leaf

    /* The root in page 0; entry 0 is this code, by a big page that may not be written. */
    csrw satp, zero
    li s3, PTE(0, V | R | X | A)
    sw s3, 0(zero)
    li t0, PTE(0, RWX)
    sw t0, 4 * 511(zero)
    li t0, 0x80000000
    csrw satp, t0
    sfence.vma
    li s2, 20
    li s4, HIGH
    li a5, DATA
root_zero:
    TRAPS(STORE_PAGE, sw zero, 0(a5))
    QUIET(lw t0, 0(a5))
    li t0, PTE(0, RWX)
    sw t0, 0(s4)
    sfence.vma
    QUIET(sw s2, 0(a5))
    sw s3, 0(s4)
    sfence.vma
    TRAPS(STORE_PAGE, sw zero, 0(a5))
    lw t0, 0(a5)
    CHECK(t0, s2)
    addi s2, s2, -1
    bnez s2, root_zero
    csrw satp, zero
    j pass
