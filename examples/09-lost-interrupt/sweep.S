/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sweep - the deadline on every instruction around a wait: enabling in sie and sstatus, WFI, a
 * read of sip, SRET; and WFI while a software interrupt is pending. The whole run is compared
 * with the bare machine.
 */
#include "guest.inc"
#define SWEEP 64

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
    csrci sstatus, SSTATUS_SIE
    li t0, SSIP
    csrs sip, t0
    csrs sie, t0
    csrr a0, time
    addi a0, a0, 400
    SBI SBI_TIME, 0
    wfi
    csrr t1, time
    MIX t1
    csrw sip, zero
    csrw sie, zero
    TIMER_NEVER
    addi s0, s0, 1
    li t0, SWEEP
    bne s0, t0, next
    mv a0, s1
    call print_hex
    j pass

    /*
     * Count and mix; the next deadline is 40 ahead. Preserves the argument registers of an
     * interrupted call.
     */
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
