/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * calls - functions that call each other, with known shares: of the 1009 instructions that a
 * call of `outer` comes to, with main's 4, `light` has 250, `inner` 500, `heavy` 225 of its own.
 */
#include "guest.inc"

    .macro FUNCTION name
    .type \name, @function
\name:
    .endm
    .macro END name
    .size \name, . - \name
    .endm

FUNCTION main
    li sp, STACK_TOP
    li s1, 2000
.Lmain:
    call outer
    addi s1, s1, -1
    bnez s1, .Lmain
    j pass
END main

/* 30 of its own. */
FUNCTION outer
    addi sp, sp, -16
    sw s2, 8(sp)
    sw ra, 12(sp)
    li s2, 5
.Louter:
    call heavy
    addi s2, s2, -1
    bnez s2, .Louter
    call light
    lw s2, 8(sp)
    lw ra, 12(sp)
    addi sp, sp, 16
    ret
END outer

/* Five times, 45 each. */
    .option push
    .option rvc
FUNCTION heavy
    addi sp, sp, -32
    sw ra, 28(sp)
    sw s0, 24(sp)
    addi s0, sp, 32
    li a5, 17
.Lheavy:
    addi a5, a5, -1
    bnez a5, .Lheavy
    call inner
    lw ra, 28(sp)
    lw s0, 24(sp)
    addi sp, sp, 32
    ret
END heavy
    .option pop

/* A leaf: five times, 100 each. */
FUNCTION inner
    li a0, 49
.Linner:
    addi a0, a0, -1
    bnez a0, .Linner
    ret
END inner

/* A leaf with a frame: 250. */
FUNCTION light
    addi sp, sp, -64
    li a0, 123
.Llight:
    addi a0, a0, -1
    bnez a0, .Llight
    addi sp, sp, 64
    ret
END light
