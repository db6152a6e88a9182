/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * user - a program that tries to find out where it runs, with every instruction that a broken
 * instruction set may leave untrapped. Its kernel skips those that trap.
 */
#include "guest.inc"

#define LRA_A0_A1 .word 0x0005850b
#define IO_PROBE_A0 .word 0x0000150b
#define INSTRET 0xc02

    .macro SEE insn:vararg
    li a0, 0
    \insn
    MIX a0
    .endm

main:
    la t0, trap_skip
    csrw stvec, t0
    la t0, user
    USER t0
    IS(s10, ECALL_U)
    csrr a0, sstatus
    MIX a0
    j pass

    .section .user, "ax"
user:
    SEE csrr a0, sstatus
    SEE csrr a0, stvec
    SEE csrr a0, satp
    SEE csrr a0, INSTRET
    li a1, DATA
    SEE LRA_A0_A1
    SEE IO_PROBE_A0
    li t0, SSTATUS_SUM
    csrw sstatus, t0
    lla ra, 1f
    sret
    li a0, 1
    MIX a0
1:  ecall
