/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * clock - a kernel's clock: waits for twenty ticks, each of which must come at its time; the
 * handler sets the next. Another VM does the same.
 */
#include "timer.inc"

main:
    HANDLER tick
    li s4, 0
    AHEAD 1000
    mv s5, s0
    LISTEN STIP, 1
1:  wfi
    li t0, 20
    bne s4, t0, 1b
    j pass

    .balign 4
tick:
    csrr t1, time
    CHECK(t1, s5)
    li t1, 1000
    add s5, s5, t1
    mv a0, s5
    li a1, 0
    SBI SBI_TIME, 0
    addi s4, s4, 1
    sret
