/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * pte_reserved - every value of an entry's low eight bits, at both levels: which of a load, a
 * store and a fetch page-fault. Reserved are W without R and, in an entry that points to a
 * table, any of D, A and U; such an entry is neither followed nor changed.
 */
#include "guest.inc"
#define LOW 0x40000000  /* by way of a table: the entry in the root is what changes */
#define PAGE 0x40400000 /* the entry in the table is */

main:
    /* The page: a RET, which may be fetched, loaded, and stored over itself. */
    li t0, DATA
    li t1, INSN_RET
    sw t1, 0(t0)
    fence.i
    call new_space
    MAP LOW, DATA, RWX
    MAP PAGE, DATA, RWX
    mv s4, a0
    call paging_on
    li t0, SSTATUS_SUM
    csrs sstatus, t0

    /* Pointers in the root: sound are V and V | G. */
    lw s0, root
    li t0, LOW >> 22 << 2
    add s0, s0, t0
    lw s1, 0(s0)
    li s3, 0
pointers:
    andi t0, s3, R | W | X
    bnez t0, 2f
    andi t0, s1, ~0xff
    or t0, t0, s3
    sw t0, 0(s0)
    sfence.vma
    andi t0, s3, ~G
    addi s5, t0, -V
    li s2, LOW
    call attempt
    call as_expected
    call unchanged
2:  addi s3, s3, 1
    li t0, 256
    bne s3, t0, pointers
    sw s1, 0(s0)
    sfence.vma

    /* Leaves in the root, aligned: what the bits allow, and never W without R. */
    li s3, 0
leaves:
    andi t0, s3, R | W | X
    beqz t0, 3f
    li t0, PTE(0, 0)
    or t0, t0, s3
    sw t0, 0(s0)
    sfence.vma
    li s2, LOW + DATA
    call attempt
    MIX a0
    call w_without_r
3:  addi s3, s3, 1
    li t0, 256
    bne s3, t0, leaves
    sw s1, 0(s0)
    sfence.vma

    /* Entries of the table: the same, and those that point on from here fault. */
    mv s0, s4
    lw s1, 0(s0)
    li s3, 0
entries:
    andi t0, s1, ~0xff
    or t0, t0, s3
    sw t0, 0(s0)
    sfence.vma
    li s2, PAGE
    call attempt
    MIX a0
    andi t0, s3, R | W | X
    seqz s5, t0
    beqz s5, 4f
    call as_expected
    call unchanged
4:  call w_without_r
    addi s3, s3, 1
    li t0, 256
    bne s3, t0, entries

    /* A reserved pointer to where no table can be: the page fault comes first. */
    lw s0, root
    li t0, LOW >> 22 << 2
    add s0, s0, t0
    li t0, PTE(RAM_SIZE, V | A)
    sw t0, 0(s0)
    sfence.vma
    li s2, LOW
    TRAPS(LOAD_PAGE, lw t0, 0(s2))
    TVAL(LOW)
    li t0, PTE(RAM_SIZE, V)
    sw t0, 0(s0)
    sfence.vma
    TRAPS(LOAD_ACCESS, lw t0, 0(s2))
    j pass

    /* a0: which of load (1), store (2) and fetch (4) at s2 faulted; with a page fault, there. */
attempt:
    mv a2, ra
    li a0, 0
    TRY lw t0, 0(s2)
    li t1, LOAD_PAGE
    li t2, 1
    call note
    li t0, INSN_RET
    TRY sw t0, 0(s2)
    li t1, STORE_PAGE
    li t2, 2
    call note
    TRY jalr s2
    li t1, INSN_PAGE
    li t2, 4
    call note
    mv ra, a2
    ret

note:
    li t3, NO_TRAP
    beq s10, t3, 5f
    CHECK(s10, t1)
    CHECK(s9, s2)
    or a0, a0, t2
5:  ret

    /* a0: all three with s5 not zero, else none. */
as_expected:
    snez t0, s5
    neg t0, t0
    andi t0, t0, 7
    CHECK(a0, t0)
    ret

    /* W without R: everything faults. */
w_without_r:
    andi t0, s3, R | W
    li t1, W
    bne t0, t1, 6f
    IS(a0, 7)
6:  ret

    /* The entry at s0 has the flags that it was given. */
unchanged:
    lw t0, 0(s0)
    andi t0, t0, 0xff
    CHECK(t0, s3)
    ret
