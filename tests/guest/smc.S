/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * smc - code that is written while it is used: on its own page, on another, through a second
 * mapping, by the firmware, an instruction across two pages half by half; always with FENCE.I.
 * Written often, so that a monitor which watches code pages changes its mind about them.
 */
#include "guest.inc"
#define ALIAS 0x40000000
#define CODE 0x40001000

main:
    /* Another page. */
    li s0, DATA
    li s1, 0
    li t0, INSN_RET
    sw t0, 4(s0)
another:
    slli t0, s1, 20
    li t1, INSN_LI_A0(0)
    or t0, t0, t1
    sw t0, 0(s0)
    fence.i
    jalr s0
    CHECK(a0, s1)
    addi s1, s1, 1
    li t0, 24
    bne s1, t0, another

    /* This page. */
    la s0, patched
    li s1, 0
same:
    slli t0, s1, 20
    li t1, INSN_LI_A0(0)
    or t0, t0, t1
    sw t0, 0(s0)
    fence.i
patched:
    li a0, -1
    CHECK(a0, s1)
    addi s1, s1, 1
    li t0, 24
    bne s1, t0, same

    /* Half an instruction at the end of each page. */
    li s0, DATA + 0x1ffe
    li t0, INSN_RET
    sw t0, 4(s0)
    li t0, INSN_LI_A0(0)
    sh t0, 0(s0)
    li s1, 0
halves:
    slli t0, s1, 4
    sh t0, 2(s0)
    fence.i
    jalr s0
    CHECK(a0, s1)
    addi s1, s1, 1
    li t0, 24
    bne s1, t0, halves

    /* Written through another mapping than it is run by, which may not be written. */
    call new_space
    MAP ALIAS, (DATA + 0x4000), RW
    MAP CODE, (DATA + 0x4000), (V | X | A | D)
    call paging_on
    li s0, ALIAS
    li s2, CODE
    li t0, INSN_RET
    sw t0, 4(s0)
    li s1, 0
alias:
    slli t0, s1, 20
    li t1, INSN_LI_A0(0)
    or t0, t0, t1
    sw t0, 0(s0)
    fence.i
    jalr s2
    CHECK(a0, s1)
    TRAPS(STORE_PAGE, sw zero, 0(s2))
    addi s1, s1, 1
    li t0, 24
    bne s1, t0, alias

    /* By firmware: console input as code. What it means is nobody's business, but all agree. */
    li s1, 4
typed:
    li a0, 4
    li a1, DATA + 0x4000
    li a2, 0
    SBI SBI_DBCN, 1
    fence.i
    li a0, 0
    li a2, DATA + 0x8000
    mv s4, sp
    mv s5, a1
    TRY jalr s2
    mv sp, s4
    MIX a0
    MIX s5
    MIX s10
    addi s1, s1, -1
    bnez s1, typed
    j pass
