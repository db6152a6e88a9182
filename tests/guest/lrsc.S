/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * lrsc - when a reservation holds: over CSR accesses, slices and world switches, which the guest
 * must not see; and when it is lost: at every trap, call of the firmware, SRET and interrupt.
 */
#include "guest.inc"

#define PAIR(expected, ...) lr.w t0, (s1); __VA_ARGS__; sc.w t1, s0, (s1); IS(t1, expected)

main:
    li s1, DATA
    li s2, DATA + 4
    li s0, 0
    PAIR(0, nop)
    PAIR(0, csrr t2, sstatus)
    PAIR(0, csrw sscratch, t0)
    PAIR(0, csrr t2, time)
    PAIR(0, sfence.vma)
    PAIR(0, fence.i)
    PAIR(0, fence)
    PAIR(0, lw t2, 0(s2))
    PAIR(0, sw t2, 0(s2))
    PAIR(0, sw t0, 0(s1))
    PAIR(1, not t2, t0; sw t2, 0(s1))
    PAIR(1, TRY ebreak)
    PAIR(1, TRY .word 0xffffffff)
    PAIR(1, TRY lw t2, -4(zero))
    PAIR(1, mv s3, a0; li a7, -1; ecall; mv a0, s3)
    PAIR(1, la t2, 2f; csrw sepc, t2; li t2, SSTATUS_SPP; csrs sstatus, t2; sret; 2: nop)
    PAIR(1, sc.w t2, t0, (s1))
    PAIR(1, sc.w t2, t0, (s2))
    PAIR(0, lr.w t2, (s1))
    lr.w t2, (s2)
    sc.w t1, t0, (s1)
    IS(t1, 1)
    sc.w t1, t0, (s1)
    IS(t1, 1)

    /* A page fault that is not the guest's: first touch of another page. */
    li s3, DATA + 0x10000
    PAIR(0, lw t2, 0(s3))
    lui t2, 1
    add s3, s3, t2
    PAIR(0, sw t2, 0(s3))

    /* The timer at every point of the pair: lost inside, kept outside. */
    li s3, 0
    la t0, handler
    csrw stvec, t0
    li t0, STIP
    csrw sie, t0
    csrsi sstatus, SSTATUS_SIE
sweep:
    csrr a0, time
    addi a0, a0, 6
    add a0, a0, s3
    li a1, 0
    SBI SBI_TIME, 0
    nop
    nop
    nop
    lr.w t0, (s1)
    addi t0, t0, 1
    addi t2, t0, 0
    sc.w t1, t0, (s1)
    MIX t1
    nop
    nop
    nop
    nop
    addi s3, s3, 1
    li t0, 20
    bne s3, t0, sweep
    csrw sie, zero

    /* A lock, counted up: slices end anywhere. */
    li s3, 300
    sw zero, 0(s1)
1:  lr.w t0, (s1)
    addi t0, t0, 1
    sc.w t1, t0, (s1)
    bnez t1, 1b
    addi s3, s3, -1
    bnez s3, 1b
    lw t0, 0(s1)
    IS(t0, 300)
    la t0, user
    USER t0
    IS(s10, ECALL_U)
    MIX a0
    j pass

    .balign 4
handler:
    csrr tp, scause
    MIX tp
    csrr tp, sepc
    MIX tp
    mv s4, a0
    mv s5, a1
    TIMER_NEVER
    mv a0, s4
    mv a1, s5
    csrr tp, scause
    bgez tp, 1f
    sret
1:  j trap_catch

    .section .user, "ax"
user:
    li t2, 100
1:  lr.w t0, (s2)
    addi t0, t0, 3
    sc.w t1, t0, (s2)
    bnez t1, 1b
    addi t2, t2, -1
    bnez t2, 1b
    lw a0, 0(s2)
    ecall
