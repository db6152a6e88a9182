/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * user - a program that looks where it runs, with all that a broken instruction set may show it.
 * What traps is stepped over by its kernel.
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
    ecall
