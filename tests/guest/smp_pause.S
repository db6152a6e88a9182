/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * smp_pause - a ticket lock, which all harts take in order, waiting with PAUSE: nobody is passed
 * over, and nobody waits through a turn (cli/smp counts that).
 */
#include "smp.inc"
#define ROUNDS 50
#define PAUSE .word 0x0100000f

main:
    COUNT_HARTS
    START_ALL second
    call contend
    la t0, done
10: lw t1, 0(t0)
    PAUSE
    blt t1, s1, 10b
    li t2, ROUNDS
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

/* s4: the hart's ticket. Hart 0 has 0, and each that of the one before and 1. */
contend:
    la s2, serving
    la s3, counter
    mv s4, s0
    li s5, ROUNDS
again:
    lw t0, 0(s2)
    beq t0, s4, 10f
    PAUSE
    j again
10: lw t1, 0(s3)
    addi t1, t1, 1
    sw t1, 0(s3)
    fence rw, w
    addi t0, t0, 1
    sw t0, 0(s2)
    add s4, s4, s1
    addi s5, s5, -1
    bnez s5, again
    BUMP done
    ret

    .data
    .balign 4
serving:
    .word 0
counter:
    .word 0
done:
    .word 0
