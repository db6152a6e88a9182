/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * smp_ipi - interrupts from hart to hart: round and round, each waiting in WFI with interrupts
 * off, then taken as traps; to oneself; and masks that name harts that are not there.
 */
#include "smp.inc"
#define ROUNDS 40

main:
    COUNT_HARTS
    START_ALL second
    addi t2, s1, -1
    UNTIL arrived, t2
    li t0, SSIP
    csrw sie, t0
    li s3, 0
    /* To the next, and from the last it comes back. With one hart: to itself. */
around:
    la t0, visits
    lw t1, 0(t0)
    MIX t1
    call send_next
    call wait
    addi s3, s3, 1
    li t0, ROUNDS
    bne s3, t0, around
    lw t1, visits
    li t2, ROUNDS
    mul t2, t2, s1
    CHECK(t1, t2)
    /* As a trap. */
    la t0, soft
    csrw stvec, t0
    li s10, NO_TRAP
    csrsi sstatus, SSTATUS_SIE
    IPI s0
    csrci sstatus, SSTATUS_SIE
    la t0, trap_catch
    csrw stvec, t0
    li t0, SOFT_INTERRUPT
    CHECK(s10, t0)
    csrr t0, sip
    IS(t0, 0)
    /* Masks. */
    li a0, 0
    li a1, 0
    SBI SBI_IPI, 0
    IS(a0, 0)
    li t0, 1
    sll a0, t0, s1
    li a1, 0
    SBI SBI_IPI, 0
    IS(a0, SBI_INVALID_PARAM)
    li a0, 2
    addi a1, s1, -1
    SBI SBI_IPI, 0
    IS(a0, SBI_INVALID_PARAM)
    li a0, 0
    mv a1, s1
    SBI SBI_IPI, 0
    IS(a0, SBI_INVALID_PARAM)
    csrr t0, sip
    IS(t0, 0)
    li a0, 1
    addi a1, s1, -1
    SBI SBI_IPI, 0
    IS(a0, 0)
    li a0, 0
    li a1, ALL
    SBI SBI_IPI, 0
    IS(a0, 0)
    csrr t0, sip
    IS(t0, SSIP)
    j pass

    .balign 4
soft:
    csrr s10, scause
    csrci sip, SSIP
    sret

second:
    ENTER
    li t0, SSIP
    csrw sie, t0
    BUMP arrived
    li s3, 0
serve:
    call wait
    call send_next
    j serve

send_next:
    addi s2, s0, 1
    remu s2, s2, s1
    mv s4, ra
    IPI s2
    mv ra, s4
    ret

    /* Until an interrupt is there, which is then taken away. */
wait:
    wfi
    csrr t0, sip
    andi t0, t0, SSIP
    beqz t0, wait
    csrci sip, SSIP
    mv s5, ra
    BUMP visits
    mv ra, s5
    ret

    .data
    .balign 4
arrived:
    .word 0
visits:
    .word 0
