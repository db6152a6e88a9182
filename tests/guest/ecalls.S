/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ecalls - ECALL and EBREAK from both modes: cause, stval, sepc; what the user asks of the
 * firmware goes to its kernel instead.
 */
#include "guest.inc"

main:
    TRAPS(BREAKPOINT, ebreak)
    CHECK(s9, s7)
    li s0, 0
again:
    la t0, user
    li a7, SBI_SRST
    li a6, 0
    li a0, 0
    li a1, 1
    USER t0
    IS(s10, ECALL_U)
    TVAL(0)
    la t0, user
    CHECK(s7, t0)
    la t0, user_break
    USER t0
    IS(s10, BREAKPOINT)
    CHECK(s9, s7)

    li a7, 0x12345678
    li a6, 3
    li a1, 99
    ecall
    IS(a0, -2)
    CHECK(a1, zero)
    addi s0, s0, 1
    li t0, 20
    bne s0, t0, again
    j pass

    .section .user, "ax"
user:
    ecall
user_break:
    ebreak
