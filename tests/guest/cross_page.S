/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cross_page - loads, stores and fetches across two pages: one of them missing, read-only, not
 * executable, beyond RAM. stval names the part that faults; of a store nothing is written.
 */
#include "guest.inc"
#define PAGE 0x40000000
#define END 0x40000ffe

main:
    call new_space
    MAP PAGE, DATA, (RWX | U)
    mv s0, a0
    MAP (PAGE + 0x1000), (DATA + 0x3000), (RWX | U)
    mv s1, a0
    call paging_on
    li t0, SSTATUS_SUM
    csrs sstatus, t0
    li s2, END
    li s4, PAGE + 0x1000
    li t0, 0x44332211
    QUIET(sw t0, 0(s2))
    lw t1, 0(s2)
    CHECK(t0, t1)
    lhu t1, 0(s4)
    IS(t1, 0x4433)
    lw t1, -1(s2)
    MIX t1
    lh t1, 1(s2)
    IS(t1, 0x3322)

    .irp entry, 0, PTE(DATA + 0x3000, V | R | A | D | U), PTE(DATA + 0x3000, V | X | A | U), PTE(DATA + 0x3000, RWX), PTE(RAM_SIZE, RWX | U)
    li s3, \entry
    call second
    .endr
    .irp entry, 0, PTE(DATA, V | R | A | D | U), PTE(DATA, V | X | A | U), PTE(DATA, RWX), PTE(RAM_SIZE, RWX | U)
    li s3, \entry
    call first
    .endr
    j pass

    /* With the second page's entry s3. */
second:
    mv s5, ra
    sw s3, 0(s1)
    sfence.vma
    call attempts
    li t0, PTE(DATA + 0x3000, RWX | U)
    sw t0, 0(s1)
    sfence.vma
    mv ra, s5
    j look
first:
    mv s5, ra
    sw s3, 0(s0)
    sfence.vma
    call attempts
    li t0, PTE(DATA, RWX | U)
    sw t0, 0(s0)
    sfence.vma
    mv ra, s5
look:
    lw t1, 0(s2)
    MIX t1
    ret

attempts:
    mv a5, ra
    li t0, 0x88776655
    TRY lw t1, 0(s2)
    MIX s10
    MIX s9
    TRY lh t1, 1(s2)
    MIX s10
    MIX s9
    TRY sw t0, 0(s2)
    MIX s10
    MIX s9
    TRY sw t0, -1(s2)
    MIX s10
    MIX s9
    TRY sh t0, 1(s2)
    MIX s10
    MIX s9
    /* An instruction there, from supervisor and user mode: ECALL, then two jumps back. */
    csrr a4, satp
    csrw satp, zero
    li t0, DATA + 0xffe
    li t1, 0x8082 /* c.ret */
    sh t1, -2(t0)
    li t1, INSN_ECALL
    sh t1, 0(t0)
    li t0, DATA + 0x3000
    sh zero, 0(t0)
    csrw satp, a4
    fence.i
    li a7, -1
    TRY jalr s2
    MIX s10
    MIX s9
    USER s2
    MIX s10
    MIX s9
    MIX s7
    mv ra, a5
    ret
