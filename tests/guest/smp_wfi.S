/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * smp_wfi - waiting: each hart sleeps on a timer of its own, many times, while the others sleep
 * and work; then HSM suspend with and without registers, ended by a timer and by an interrupt from
 * another hart. What cannot be is refused.
 */
#include "smp.inc"
#define ROUNDS 12

main:
    COUNT_HARTS
    START_ALL second
    call sleeps
    UNTIL slept, s1
    /* All others are suspended: they go on when told. */
    li s2, 1
wake_up:
    bge s2, s1, all_woken
    STATUS s2, SUSPENDED
    IPI s2
    addi s2, s2, 1
    j wake_up
all_woken:
    addi t2, s1, -1
    UNTIL resumed, t2
    /* By itself, by a timer. */
    call set_timer
    li a0, 0
    SBI SBI_HSM, 3
    IS(a0, 0)
    csrr t0, sip
    andi t0, t0, STIP
    IS(t0, STIP)
    TIMER_NEVER
    /* Types that are reserved, those of a platform, no memory there. */
    li a0, 1
    SBI SBI_HSM, 3
    IS(a0, SBI_INVALID_PARAM)
    li a0, 0x80000001
    SBI SBI_HSM, 3
    IS(a0, SBI_INVALID_PARAM)
    li a0, 0x10000000
    SBI SBI_HSM, 3
    IS(a0, SBI_INVALID_PARAM)
    li a0, 0x80000000
    li a1, RAM_SIZE
    SBI SBI_HSM, 3
    IS(a0, SBI_INVALID_ADDRESS)
    /* Without registers. */
    call set_timer
    li a0, 0x80000000
    la a1, anew
    li a2, 77
    SBI SBI_HSM, 3
    j odd
anew:
    IS(a0, 0)
    IS(a1, 77)
    csrr t0, satp
    IS(t0, 0)
    csrr t0, time
    lw t1, woken
    bltu t0, t1, odd
    MIX t0
    j pass
odd:
    li a0, __LINE__
    j fail

second:
    ENTER
    call sleeps
    TIMER_NEVER
    li t0, SSIP
    csrw sie, t0
    li s2, 55
    li a0, 0
    SBI SBI_HSM, 3
    IS(a0, 0)
    IS(s2, 55)
    BUMP resumed
    SBI SBI_HSM, 1

    /* Each another length, some with work before: the timers come in any order. */
sleeps:
    mv s5, ra
    li t0, STIP
    csrw sie, t0
    li s2, ROUNDS
10: mv t0, s2
11: addi t0, t0, -1
    bgez t0, 11b
    call set_timer
    wfi
    csrr t1, time
    bltu t1, s3, odd
    csrr t3, sip
    andi t3, t3, STIP
    beqz t3, odd
    addi s2, s2, -1
    bnez s2, 10b
    BUMP slept
    mv ra, s5
    ret

set_timer:
    csrr a0, time
    mul t0, s0, s2
    slli t0, t0, 6
    add a0, a0, t0
    addi a0, a0, 200
    la t0, woken
    sw a0, 0(t0)
    mv s3, a0
    li a1, 0
    mv s4, ra
    SBI SBI_TIME, 0
    mv ra, s4
    li t0, STIP
    csrw sie, t0
    ret

    .data
    .balign 4
slept:
    .word 0
resumed:
    .word 0
woken:
    .word 0
