/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * smp_fence - remote fences: hart 0 changes a page table that all harts translate by, and code
 * that all have run; after the call none sees what was there. All address spaces, one, pages of
 * one; and arguments that are refused.
 */
#include "smp.inc"
#define PAGE 0x40000000
#define ONE DATA
#define TWO (DATA + 0x1000)
#define CODE (DATA + 0x2000)
#define ROUNDS 6

main:
    COUNT_HARTS
    li t0, 111
    li t1, ONE
    sw t0, 0(t1)
    li t0, 222
    li t1, TWO
    sw t0, 0(t1)
    li t1, CODE
    li t0, INSN_LI_A0(0)
    sw t0, 0(t1)
    li t0, INSN_RET
    sw t0, 4(t1)
    fence.i
    call new_space
    MAP PAGE, ONE, RWX
    la t0, entry
    sw a0, 0(t0)
    call paging_on
    START_ALL second
    li s3, 0
    /* Each round: the others look, the entry changes, a fence, they look again. */
round:
    li t2, 111
    call look
    lw s4, entry
    li t0, PTE(TWO, RWX)
    sw t0, 0(s4)
    call fence
    li t2, 222
    call look
    lw s4, entry
    li t0, PTE(ONE, RWX)
    sw t0, 0(s4)
    call fence
    /* Code. */
    li t1, CODE
    li t2, INSN_LI_A0(1)
    slli t3, s3, 20
    add t2, t2, t3
    sw t2, 0(t1)
    fence.i
    li a0, 0
    li a1, ALL
    SBI SBI_RFENCE, 0
    IS(a0, 0)
    addi t2, s3, 1
    call run
    addi s3, s3, 1
    li t0, ROUNDS
    bne s3, t0, round
    /* Refused. */
    li t0, 1
    sll a0, t0, s1
    li a1, 0
    SBI SBI_RFENCE, 0
    IS(a0, SBI_INVALID_PARAM)
    li a0, 1
    mv a1, s1
    li a2, 0
    li a3, 0
    SBI SBI_RFENCE, 1
    IS(a0, SBI_INVALID_PARAM)
    li a0, 1
    li a1, 0
    li a2, 0xfffff000
    li a3, 0x2000
    SBI SBI_RFENCE, 1
    IS(a0, SBI_INVALID_ADDRESS)
    SBI SBI_RFENCE, 2
    IS(a0, SBI_INVALID_PARAM) /* a0 was the error: a mask of harts that are not there */
    li a0, 1
    SBI SBI_RFENCE, 3
    IS(a0, -2)
    j pass

    /* By turns: everything, by address, one ASID whole, one ASID by address. */
fence:
    li a0, 0
    li a1, ALL
    li a4, 0
    andi t0, s3, 1
    bnez t0, 10f
    li a2, 0
    li a3, -1
    j 11f
10: li a2, PAGE
    li a3, 0x1000
11: andi t0, s3, 2
    mv s2, ra
    bnez t0, 12f
    SBI SBI_RFENCE, 1
    j 13f
12: SBI SBI_RFENCE, 2
13: IS(a0, 0)
    mv ra, s2
    ret

    /* All harts find t2 on the page. */
look:
    li t0, PAGE
    j task
    /* All harts find that the code gives t2. */
run:
    li t0, 0
task:
    mv s2, ra
    la t1, where
    sw t0, 0(t1)
    sw t2, 4(t1)
    sw zero, 8(t1)
    fence rw, rw
    lw t3, 12(t1)
    addi t3, t3, 1
    sw t3, 12(t1)
    mv s5, t3
    call do_task
    UNTIL finished, s1
    mv ra, s2
    ret

    /* For the task s5. */
do_task:
    mv s4, ra
    lw t0, where
    beqz t0, 10f
    lw a0, 0(t0)
    j 11f
10: li t0, CODE
    jalr t0
11: lw t2, expected
    CHECK(a0, t2)
    BUMP finished
    mv ra, s4
    ret

second:
    ENTER
    call paging_on
    li s5, 1
20: UNTIL number, s5
    call do_task
    addi s5, s5, 1
    j 20b

    .data
    .balign 4
entry:
    .word 0
where:
    .word 0
expected:
    .word 0
finished:
    .word 0
number:
    .word 0
