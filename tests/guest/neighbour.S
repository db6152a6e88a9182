/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * neighbour - how long does a store take to a page that came with the image? If another VM has the
 * same page, a monitor that shares has to make a copy first. Prints what `cycle` and `time` say of the
 * store.
 */
#include "guest.inc"

main:
    j measure

    .balign 4096
measure: /* all in one page, which is in the shadow after the first round */
    li s5, 2
    li s0, DATA
again:
    lw t0, 0(s0)
    csrr s3, time
    csrr s1, cycle
    sw t0, 0(s0)
    csrr s2, cycle
    csrr s4, time
    la s0, known
    addi s5, s5, -1
    bnez s5, again
    sub a0, s2, s1
    call print_hex
    sub a0, s4, s3
    call print_hex
    j pass

    .balign 4096
known:
    .rept 1024
    .word 0x0dd5ec2e
    .endr
