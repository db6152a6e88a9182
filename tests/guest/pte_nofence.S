/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * pte_nofence - entries that become valid or get more rights, without a fence: PZ32 keeps no
 * faults, so the next access sees them; after a fault at that very address too.
 */
#include "guest.inc"
#define PAGE 0x40000000

main:
    call new_space
    MAP PAGE, DATA, 0
    mv s0, a0
    call paging_on
    li s1, PAGE
    li s2, 24
again:
    TRAPS(LOAD_PAGE, lw a0, 0(s1))
    TRAPS(STORE_PAGE, sw a0, 0(s1))
    li t0, PTE(DATA, V | R)
    sw t0, 0(s0)
    QUIET(lw a0, 0(s1))
    TRAPS(STORE_PAGE, sw a0, 0(s1))
    TRAPS(INSN_PAGE, jalr s1)
    li t0, PTE(DATA, V | R | W)
    sw t0, 0(s0)
    li t0, INSN_RET
    QUIET(sw t0, 0(s1))
    lw t0, 0(s0)
    IS(t0, PTE(DATA, RW))
    fence.i
    TRAPS(INSN_PAGE, jalr s1)
    li t0, PTE(DATA, RWX)
    sw t0, 0(s0)
    QUIET(jalr s1)

    /* A slot of the root that was empty. */
    slli t2, s2, 23
    add s3, s1, t2
    TRAPS(LOAD_PAGE, lw a0, 0(s3))
    lw t0, root
    lw t1, 4 * 256(t0)
    srli t2, s3, 22
    slli t2, t2, 2
    add t0, t0, t2
    sw t1, 0(t0)
    QUIET(lw a0, 0(s3))
    QUIET(jalr s3)

    sw zero, 0(s0)
    sfence.vma
    addi s2, s2, -1
    bnez s2, again
    j pass
