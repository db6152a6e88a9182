/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * atomics - LR, SC and AMOs that must trap: misaligned (before anything else), on read-only,
 * execute-only and missing pages, beyond RAM; an AMO wants a store's rights, and says so.
 */
#include "guest.inc"
#define PAGE 0x40000000

    .macro ALL address
    TRY lr.w a0, (\address)
    MIX s9
    MIX s10
    TRY sc.w a0, a1, (\address)
    MIX a0
    MIX s9
    MIX s10
    .irp op, amoswap.w, amoadd.w, amoxor.w, amoand.w, amoor.w, amomin.w, amomax.w, amominu.w, amomaxu.w
    TRY \op a0, a1, (\address)
    MIX a0
    MIX s9
    MIX s10
    .endr
    .endm

main:
    call new_space
    MAP PAGE, DATA, RW
    mv s0, a0
    call paging_on
    li s1, PAGE
    li a1, 0x80000001
    addi s2, s1, 1
    TRAPS(LOAD_MISALIGNED, lr.w a0, (s2))
    TRAPS(STORE_MISALIGNED, sc.w a0, a1, (s2))
    TRAPS(STORE_MISALIGNED, amoadd.w a0, a1, (s2))
    TVAL(PAGE + 1)
    addi s2, s1, 2
    ALL s2
    li s2, PAGE + 0xffe
    ALL s2
    li s2, PAGE + 0x2003 /* nothing there either */
    TRAPS(STORE_MISALIGNED, amoadd.w a0, a1, (s2))
    TRAPS(LOAD_MISALIGNED, lr.w a0, (s2))

    /* Rights: an AMO's fault is a store's, LR's a load's. */
    li t0, PTE(DATA, V | R | A)
    sw t0, 0(s0)
    sfence.vma
    TRAPS(STORE_PAGE, amoswap.w a0, a1, (s1))
    QUIET(lr.w a0, (s1))
    TRAPS(STORE_PAGE, sc.w a0, a1, (s1))
    ALL s1
    li t0, PTE(DATA, V | X | A)
    sw t0, 0(s0)
    sfence.vma
    TRAPS(LOAD_PAGE, lr.w a0, (s1))
    ALL s1
    li t0, SSTATUS_MXR
    csrs sstatus, t0
    QUIET(lr.w a0, (s1))
    ALL s1
    sw zero, 0(s0)
    sfence.vma
    ALL s1
    li t0, PTE(RAM_SIZE, RW)
    sw t0, 0(s0)
    TRAPS(LOAD_ACCESS, lr.w a0, (s1))
    TRAPS(STORE_ACCESS, amoor.w a0, zero, (s1))
    TRAPS(STORE_ACCESS, sc.w a0, zero, (s1))
    ALL s1

    /* What they do, with all operands of interest. */
    li t0, PTE(DATA, RW)
    sw t0, 0(s0)
    sfence.vma
    sw a1, 0(s1)
    li s3, 3
1:  ALL s1
    lw t0, 0(s1)
    MIX t0
    not a1, a1
    srai a1, a1, 3
    addi s3, s3, -1
    bnez s3, 1b
    amoadd.w s1, s1, (s1)
    MIX s1
    j pass
