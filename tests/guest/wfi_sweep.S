/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * wfi_sweep - the timer's deadline swept over every instruction of a wait: around the enabling
 * of sie and sstatus, the WFI, the reading of sip and an SRET. An interrupt that comes between
 * enabling and WFI must not be lost (Miralis #324, #257, #159).
 */
#include "guest.inc"
#define SWEEP 48

main:
    la t0, handler
    csrw stvec, t0
    li s0, 0
next:
    csrr a0, time
    add a0, a0, s0
    addi a0, a0, 6
    li a1, 0
    SBI SBI_TIME, 0
    csrr t1, sip
    MIX t1
    li t0, STIP
    csrs sie, t0
    csrr t1, sip
    MIX t1
    csrsi sstatus, SSTATUS_SIE
    nop
    wfi
    csrr t1, sip
    MIX t1
    csrci sstatus, SSTATUS_SIE
    csrr t1, time
    MIX t1
    wfi
    csrr t1, sip
    MIX t1
    csrsi sstatus, SSTATUS_SIE
    csrci sstatus, SSTATUS_SIE
    la t1, 2f
    csrw sepc, t1
    li t1, SSTATUS_SPP | SSTATUS_SPIE
    csrs sstatus, t1
    sret
2:  nop
    csrw sie, zero
    csrci sstatus, SSTATUS_SIE
    TIMER_NEVER
    addi s0, s0, 1
    li t0, SWEEP
    bne s0, t0, next
    mv a0, s1
    call print_hex
    j pass

    /* Count and mix; the next deadline is 40 ahead. Arguments of a call under way are kept. */
    .balign 4
handler:
    csrr tp, scause
    MIX tp
    csrr tp, sepc
    MIX tp
    csrr tp, sip
    MIX tp
    csrr tp, time
    MIX tp
    mv s2, a0
    mv s3, a1
    mv s4, a6
    mv s5, a7
    addi a0, tp, 40
    li a1, 0
    SBI SBI_TIME, 0
    mv a0, s2
    mv a1, s3
    mv a6, s4
    mv a7, s5
    addi s1, s1, 1
    sret
