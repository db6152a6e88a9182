/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Wrong: the slowest store of all is taken for a copy, even if none was slow. */
#include "channel.inc"

spy:
    li s0, 0
    li s2, 0 /* the slowest so far, and its guess */
    li s3, 0
spy_round:
    /* Page s1 gets the guess s0 + s1. */
    li s1, 0
2:  slli t0, s1, PAGE_BITS
    li t1, WINDOW
    add t0, t0, t1
    add t1, s0, s1
    sw t1, 0(t0)
    li t1, 1
    li t2, PAGE_WORDS
3:  addi t0, t0, 4
    sw t1, 0(t0)
    addi t1, t1, 1
    bne t1, t2, 3b
    addi s1, s1, 1
    li t0, PAGES
    bne s1, t0, 2b

    li a7, YIELD
    ecall

    li s1, 0
2:  slli t0, s1, PAGE_BITS
    li t1, WINDOW
    add t0, t0, t1
    rdinstret t1
    sw zero, 4(t0)
    rdinstret t2
    sub t2, t2, t1
    bgeu s2, t2, 3f
    mv s2, t2
    add s3, s0, s1
3:  addi s1, s1, 1
    li t0, PAGES
    bne s1, t0, 2b
    addi s0, s0, PAGES
    li t0, SECRETS
    bne s0, t0, spy_round
    mv a0, s3
    li a7, DONE
    ecall

may_merge:
    addi sp, sp, -16
    sw ra, 0(sp)
    sw s0, 4(sp)
    mv s0, a1
    call owner_of
    mv t0, a0
    mv a0, s0
    mv s0, t0
    call owner_of
    xor a0, a0, s0
    seqz a0, a0
    lw ra, 0(sp)
    lw s0, 4(sp)
    addi sp, sp, 16
    ret
