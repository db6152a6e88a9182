/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * syscalls - a program that calls its kernel 100,000 times, which returns to it. Four exits each:
 * ECALL, a read and a write of sepc, SRET. What they cost is measured by it.
 */
#include "guest.inc"

main:
    la t0, called
    csrw stvec, t0
    la t0, user
    csrw sepc, t0
    li s0, 100000
    sret

    .balign 4
called:
    beqz s0, pass
    csrr t0, sepc
    addi t0, t0, 4
    csrw sepc, t0
    sret

    .section .user, "ax"
user:
1:  addi s0, s0, -1
    ecall
    j 1b
