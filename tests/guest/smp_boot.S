/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * smp_boot - HSM: all harts are started, find out of reset what the SBI promises, stop, and are
 * started again; and what of it is refused.
 */
#include "smp.inc"
#define ROUNDS 3

main:
    COUNT_HARTS
    li s3, 0
round:
    START_ALL second
    addi t2, s1, -1
    addi s3, s3, 1
    mul t2, t2, s3
    UNTIL arrived, t2
    /* Started is not started again; nor is what is not there. */
    li a0, 0
    la a1, second
    SBI SBI_HSM, 0
    IS(a0, SBI_ALREADY_AVAILABLE)
    mv a0, s1
    la a1, second
    SBI SBI_HSM, 0
    IS(a0, SBI_INVALID_PARAM)
    li a0, ALL
    SBI SBI_HSM, 2
    IS(a0, SBI_INVALID_PARAM)
    /* They go on, and stop. */
    la t0, go_on
    sw s3, 0(t0)
    li s4, 1
stopping:
    bge s4, s1, all_stopped
    STATUS s4, STOPPED
    /* A hart starts where there is memory, at an even address. */
    mv a0, s4
    li a1, RAM_SIZE
    SBI SBI_HSM, 0
    IS(a0, SBI_INVALID_ADDRESS)
    mv a0, s4
    la a1, second + 1
    SBI SBI_HSM, 0
    IS(a0, SBI_INVALID_ADDRESS)
    addi s4, s4, 1
    j stopping
all_stopped:
    li t0, ROUNDS
    bne s3, t0, round
    lw a0, arrived
    MIX a0
    j pass

second:
    csrr s5, satp
    csrr s3, sstatus
    csrr s4, sie
    csrr s6, scounteren
    csrwi scounteren, 0
    ENTER
    IS(s5, 0)
    IS(s4, 0)
    IS(s6, 7)
    andi s3, s3, SSTATUS_SIE
    IS(s3, 0)
    addi t2, s0, 100
    CHECK(a1, t2)
    /* What the next start has to put back. */
    li t0, SSIP | STIP
    csrw sie, t0
    BUMP arrived
    addi t2, s1, -1
    div t2, t1, t2
    addi t2, t2, 1
    UNTIL go_on, t2
    SBI SBI_HSM, 1
    li a0, __LINE__
    j fail

    .data
    .balign 4
arrived:
    .word 0
go_on:
    .word 0
