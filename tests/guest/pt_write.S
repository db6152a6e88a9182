/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * pt_write - entries changed by every instruction that can store (a PTE-write trap that knows
 * `sw` only is an old bug): SB, SH, SW, AMOs, SC, a misaligned store across two entries, one
 * across the table's end, and the firmware reading the console into a table.
 */
#include "guest.inc"
#define PAGE 0x403ff000 /* the last entry of its table; the one before is PAGE - 4096 */

#define CHANGE(...) call reset; __VA_ARGS__; sfence.vma; \
    TRAPS(STORE_PAGE, sw zero, 0(s1)); QUIET(lw t0, 0(s1)); lw t0, 0(s0); MIX t0

main:
    li t0, DATA
    li t1, 0x1111
    sw t1, 0(t0)
    li t0, DATA + 0x1000
    li t1, 0x2222
    sw t1, 0(t0)
    call new_space
    MAP (PAGE - 0x1000), DATA, RW
    MAP PAGE, DATA, RW
    mv s0, a0
    call paging_on
    li s1, PAGE
    li s2, PAGE - 0x1000
    li s3, 6
    li a2, V | R | A | D
    li a3, ~W
    li a4, W
    li a5, PTE(DATA, V | R | A | D)
    addi s4, s0, -2
round:
    CHANGE(sb a2, 0(s0))
    CHANGE(sh a2, 0(s0))
    CHANGE(sw a5, 0(s0))
    CHANGE(amoand.w a0, a3, (s0))
    CHANGE(amoxor.w a0, a4, (s0))
    CHANGE(amoswap.w a0, a5, (s0))
    CHANGE(amominu.w a0, a5, (s0))
    li a4, -W
    CHANGE(amoadd.w a0, a4, (s0))
    li a4, W
    CHANGE(lr.w a0, (s0); sc.w a0, a5, (s0); CHECK(a0, zero))
    CHANGE(amoor.w a0, a4, (s0); sb a2, 0(s0))

    /* High half of the entry before, low half of the last. */
    call reset
    slli t1, a5, 16
    ori t1, t1, PTE(DATA + 0x1000, RW) >> 16
    sw t1, 0(s4)
    sfence.vma
    TRAPS(STORE_PAGE, sw zero, 0(s1))
    lw t0, -4(s0)
    MIX t0

    /* The page number moved by one byte, then the last bytes of the table and on. */
    call reset
    li t0, PTE(DATA + 0x1000, RW) >> 8
    sb t0, 1(s0)
    sfence.vma s1, zero
    lw t0, 0(s1)
    IS(t0, 0x2222)
    call reset
    li t0, 0x12340000 | PTE(DATA, RW) >> 16
    sw t0, 2(s0)
    sfence.vma
    lw t0, 0(s1)
    IS(t0, 0x1111)
    lw t0, 4(s0)
    IS(t0, 0x1234)
    addi s3, s3, -1
    bnez s3, round

    /* By the firmware: bytes that were typed, into a word beside and into the entry. */
    call reset
    li a0, 3
    addi a1, s0, 0
    li a2, 0
    SBI SBI_DBCN, 1
    sfence.vma
    lw t0, 0(s0)
    MIX t0
    TRY lw t0, 0(s1)
    MIX s10
    TRY sw t0, 0(s1)
    MIX s10
    call reset
    QUIET(sw zero, 0(s1))
    j pass

    /* PAGE is DATA, writable, and has just been written. */
reset:
    li t0, PTE(DATA, RW)
    sw t0, 0(s0)
    sw t0, -4(s0)
    sfence.vma
    li t0, 0x1111
    sw t0, 0(s1)
    ret
