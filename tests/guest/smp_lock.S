/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * smp_lock - contention: a counter behind a lock of LR/SC, one behind a lock of AMOSWAP, and one
 * counted by AMOADD and by LR/SC alone, by all harts at once. Time, read within a lock, never
 * goes back from one hart to the next. A reservation does not outlast another hart's store.
 */
#include "smp.inc"
#define ROUNDS 150

main:
    COUNT_HARTS
    START_ALL second
    call contend
    UNTIL done, s1
    li t2, ROUNDS
    mul t2, t2, s1
    la s2, counters
    lw t1, 0(s2)
    CHECK(t1, t2)
    lw t1, 4(s2)
    CHECK(t1, t2)
    lw t1, 8(s2)
    CHECK(t1, t2)
    lw t1, 12(s2)
    CHECK(t1, t2)
    lw t1, last_time
    MIX t1
    /* Another hart writes what was there: the reservation is lost all the same. */
    li t2, 1
    beq s1, t2, over
    la s2, cell
    la s3, wish
    lr.w s4, (s2)
    li t0, 1
    sw t0, 0(s3)
10: lw t0, 0(s3)
    bnez t0, 10b
    sc.w t1, s4, (s2)
    IS(t1, 1)
over:
    j pass

second:
    ENTER
    call contend
    li t0, 1
    bne s0, t0, rest
    la s2, cell
    la s3, wish
10: lw t0, 0(s3)
    beqz t0, 10b
    lw t0, 0(s2)
    sw t0, 0(s2)
    sw zero, 0(s3)
rest:
    wfi
    j rest

contend:
    la s2, locks
    la s3, counters
    li s4, ROUNDS
again:
    /* LR/SC */
10: lr.w.aq t0, (s2)
    bnez t0, 10b
    li t1, 1
    sc.w.rl t0, t1, (s2)
    bnez t0, 10b
    lw t0, 0(s3)
    csrr t2, time
    la t3, last_time
    lw t4, 0(t3)
    bltu t2, t4, went_back
    sw t2, 0(t3)
    addi t0, t0, 1
    sw t0, 0(s3)
    amoswap.w.rl zero, zero, (s2)
    /* AMOSWAP */
    addi t3, s2, 4
    li t1, 1
11: amoswap.w.aq t0, t1, (t3)
    bnez t0, 11b
    lw t0, 4(s3)
    addi t0, t0, 1
    sw t0, 4(s3)
    sw zero, 0(t3)
    /* No lock */
    addi t3, s3, 8
    amoadd.w zero, t1, (t3)
    addi t3, s3, 12
12: lr.w t0, (t3)
    addi t0, t0, 1
    sc.w t0, t0, (t3)
    bnez t0, 12b
    addi s4, s4, -1
    bnez s4, again
    BUMP done
    ret
went_back:
    li a0, __LINE__
    j fail

    .data
    .balign 4
locks:
    .word 0, 0
counters:
    .word 0, 0, 0, 0
last_time:
    .word 0
done:
    .word 0
cell:
    .word 7
wish:
    .word 0
