/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * satp_toggle - translation switched on and off: the same address is one page with, another
 * without; by CSRRS and CSRRC of single bits as well, where nothing else of satp changes.
 */
#include "guest.inc"
#define PAGE 0x300000 /* physical too: two names for it */

main:
    li t0, PAGE
    li t1, 0x1111
    sw t1, 0(t0)
    li t0, DATA
    li t1, 0x2222
    sw t1, 0(t0)
    /* The code and tables by small pages, but for PAGE. */
    call new_table
    la t0, root
    sw a0, 0(t0)
    li s0, 0
    li s1, PAGE
map:
    mv a0, s0
    srli a1, s0, 2
    ori a1, a1, RWX
    call map_pte
    lui t0, 1
    add s0, s0, t0
    bne s0, s1, map
    MAP PAGE, DATA, RW
    mv s3, a0
    li s4, 0x80000000
    li s2, 40
again:
    call paging_on
    lw t0, 0(s1)
    IS(t0, 0x2222)
    csrc satp, s4
    lw t0, 0(s1)
    IS(t0, 0x1111)
    sw s2, 8(s1)
    csrs satp, s4
    lw t0, 8(s1)
    MIX t0
    sw s2, 8(s1)
    csrrw s5, satp, zero
    csrw satp, s5
    lw t0, 8(s1)
    CHECK(t0, s2)
    csrw satp, zero
    addi s2, s2, -1
    bnez s2, again

    /* User mode without translation may use everything. */
    la t0, user
    USER t0
    IS(s10, ECALL_U)
    IS(a0, 0x1111)
    /* With it, nothing here is the user's. */
    call paging_on
    la t0, user
    USER t0
    IS(s10, INSN_PAGE)
    li t0, RWX | U
    lw t1, 0(s3)
    or t0, t0, t1
    sw t0, 0(s3)
    sfence.vma
    la t0, user
    USER t0
    IS(s10, INSN_PAGE)
    j pass

    .section .user, "ax"
user:
    lw a0, 0(s1)
    ecall
