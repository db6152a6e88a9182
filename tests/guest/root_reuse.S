/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * root_reuse - a root page that is freed and serves again: as root of another space, as a leaf
 * table, as data, and as a root once more. A monitor that knows shadows by the root's address
 * alone brings back the old space (hypocaust #1).
 */
#include "guest.inc"
#define PAGE 0x40000000

main:
    /* Pages DATA + n * 4096 hold n. */
    li t0, DATA
    li t1, 0
1:  sw t1, 0(t0)
    lui t2, 1
    add t0, t0, t2
    addi t1, t1, 1
    li t2, 4
    bne t1, t2, 1b

    call new_space
    MAP PAGE, DATA, RW
    mv s5, a0
    call new_table
    mv s4, a0
    /* Home: where this runs while the page s4 changes its trade. */
    lw s3, root
    li s0, 24
    li s1, PAGE
again:
    /* As root, PAGE -> DATA + 4096, by a table of its own. */
    mv a0, s4
    call clear
    call new_table
    mv s2, a0
    li t0, PTE(DATA + 0x1000, RW)
    sw t0, 0(s2)
    call become_root
    mv a0, s4
    call go
    lw t0, 0(s1)
    IS(t0, 1)
    mv a0, s3
    call go
    lw t0, 0(s1)
    CHECK(t0, zero)

    /* As another space's root: the old one went without a word. */
    mv a0, s4
    call clear
    li t0, PTE(DATA + 0x2000, RW)
    sw t0, 0(s2)
    call become_root
    mv a0, s4
    call go
    lw t0, 0(s1)
    IS(t0, 2)
    mv a0, s3
    call go

    /* As a leaf table of home. */
    mv a0, s4
    call clear
    li t0, PTE(DATA + 0x3000, RW)
    sw t0, 0(s4)
    lw s2, 4 * 256(s3)
    srli t0, s4, 2
    ori t0, t0, V
    sw t0, 4 * 256(s3)
    sfence.vma
    lw t0, 0(s1)
    IS(t0, 3)
    sw s2, 4 * 256(s3)
    sfence.vma

    /* As data, mapped and written by the word. */
    srli t0, s4, 2
    ori t0, t0, RW
    sw t0, 0(s5)
    sfence.vma s1, zero
    li t0, 100
    mv t1, s1
2:  sw t0, 0(t1)
    addi t1, t1, 4
    addi t0, t0, -1
    bnez t0, 2b
    lw t0, 0(s4)
    IS(t0, 100)
    li t0, PTE(DATA, RW)
    sw t0, 0(s5)
    sfence.vma s1, zero
    lw t0, 0(s1)
    CHECK(t0, zero)
    addi s0, s0, -1
    bnez s0, again
    j pass

    /* Zero the page at a0. */
clear:
    lui t0, 1
    add t0, t0, a0
1:  sw zero, 0(a0)
    addi a0, a0, 4
    bne a0, t0, 1b
    ret

    /* The page s4: this code, and PAGE by the table s2. */
become_root:
    li t0, PTE(0, RWX)
    sw t0, 0(s4)
    srli t0, s2, 2
    ori t0, t0, V
    sw t0, 4 * 256(s4)
    ret

    /* To the space with root a0. */
go:
    srli a0, a0, 12
    li t0, 0x80000000
    or a0, a0, t0
    csrw satp, a0
    sfence.vma
    ret
