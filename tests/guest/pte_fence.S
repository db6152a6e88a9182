/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * pte_fence - entries moved, narrowed and removed, each followed by every form of SFENCE.VMA
 * that reaches it: all, one address (not page-aligned either), one ASID, both. Also a whole table
 * exchanged in the root.
 */
#include "guest.inc"
#define PAGE 0x40003000

#define FENCED(...) call reset; call to_other; __VA_ARGS__; call moved; \
    call reset; call to_read; __VA_ARGS__; call read_only; \
    call reset; sw zero, 0(s0); __VA_ARGS__; TRAPS(LOAD_PAGE, lw a0, 0(s1))

main:
    li t0, DATA
    li t1, 0x1111
    sw t1, 0(t0)
    li t0, DATA + 0x1000
    li t1, 0x2222
    sw t1, 0(t0)
    call new_space
    MAP PAGE, DATA, RWX
    mv s0, a0
    call paging_on
    li s1, PAGE
    li s2, PAGE + 0x124
    li s3, 0

    FENCED(sfence.vma)
    FENCED(sfence.vma s1, zero)
    FENCED(sfence.vma s2, zero)
    FENCED(sfence.vma zero, s3)
    FENCED(sfence.vma s1, s3)
    /* The same under an ASID. */
    li s3, 0x155
    csrr t0, satp
    slli t1, s3, 22
    or t0, t0, t1
    csrw satp, t0
    sfence.vma
    FENCED(sfence.vma zero, s3)
    FENCED(sfence.vma s2, s3)
    li t0, 0xfffffe00 /* bits above the ASID do not count */
    or s3, s3, t0
    FENCED(sfence.vma s1, s3)

    /* Execution taken away. */
    call reset
    li t0, INSN_RET
    sw t0, 0(s1)
    fence.i
    QUIET(jalr s1)
    li t0, PTE(DATA, RW)
    sw t0, 0(s0)
    sfence.vma s1, zero
    TRAPS(INSN_PAGE, jalr s1)
    li t0, 0x1111
    sw t0, 0(s1)

    /* Another table in the root; then none. */
    call reset
    call new_table
    li t0, PTE(DATA + 0x1000, RW)
    sw t0, 4 * 3(a0)
    srli t0, a0, 2
    ori t0, t0, V
    lw t1, root
    lw s4, 4 * 256(t1)
    sw t0, 4 * 256(t1)
    sfence.vma
    lw a0, 0(s1)
    IS(a0, 0x2222)
    lw t1, root
    sw zero, 4 * 256(t1)
    sfence.vma
    TRAPS(STORE_PAGE, sw a0, 0(s1))
    lw t1, root
    sw s4, 4 * 256(t1)
    sfence.vma
    lw a0, 0(s1)
    IS(a0, 0x1111)
    j pass

    /* The page is DATA, and has been used for load and store. */
reset:
    li t0, PTE(DATA, RWX)
    sw t0, 0(s0)
    sfence.vma
    lw t1, 0(s1)
    sw t1, 0(s1)
    ret
to_other:
    li t0, PTE(DATA + 0x1000, RWX)
    sw t0, 0(s0)
    ret
to_read:
    li t0, PTE(DATA, V | R | A | D)
    sw t0, 0(s0)
    ret
moved:
    lw a0, 0(s1)
    IS(a0, 0x2222)
    ret
read_only:
    mv s5, ra
    TRAPS(STORE_PAGE, sw zero, 0(s1))
    mv ra, s5
    lw a0, 0(s1)
    IS(a0, 0x1111)
    ret
