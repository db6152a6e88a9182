/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * smp_spin - locks that are handed from hart to hart, each waiting without PAUSE, in three ways: by
 * a swap, by setting a bit, and by LR for SC. What a waiting hart does changes nothing, so nobody waits
 * through a turn (cli/smp counts that).
 */
#include "smp.inc"
#define ROUNDS 20

main:
    COUNT_HARTS
    la t0, locks
    sw zero, 0(t0)
    START_ALL second
    call contend
    la t0, done
10: amoadd.w t1, zero, (t0)
    blt t1, s1, 10b
    li t2, 3 * ROUNDS
    mul t2, t2, s1
    lw t1, counter
    CHECK(t1, t2)
    MIX t1
    csrr t1, time
    MIX t1
    j pass

second:
    ENTER
    call contend
rest:
    wfi
    j rest

    /* The hart's own lock is taken until the one before gives it; that of hart 0 is free at first. */
    .macro PASS_ON
    lw t1, 0(s3)
    addi t1, t1, 1
    sw t1, 0(s3)
    amoswap.w zero, zero, (s6)
    .endm

contend:
    la s2, locks
    la s3, counter
    addi t0, s0, 1
    remu t0, t0, s1
    slli t0, t0, 2
    add s6, s2, t0
    slli t0, s0, 2
    add s2, s2, t0
    li s4, 1
    li s5, ROUNDS
again:
10: amoswap.w.aq t0, s4, (s2)
    bnez t0, 10b
    PASS_ON
10: amoor.w t0, s4, (s2)
    bnez t0, 10b
    PASS_ON
10: lr.w t0, (s2)
    bnez t0, 10b
    sc.w t0, s4, (s2)
    bnez t0, 10b
    PASS_ON
    addi s5, s5, -1
    bnez s5, again
    BUMP done
    ret

    .data
    .balign 4
locks:
    .word 1, 1, 1, 1, 1, 1, 1, 1
counter:
    .word 0
done:
    .word 0
