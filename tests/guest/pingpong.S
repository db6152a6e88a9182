/* SPDX-License-Identifier: GPL-2.0-or-later */
/* pingpong - user to kernel and back, 400 times: each costs exactly one trap, and no fill. */
#include "guest.inc"

main:
    la t0, trap_skip
    csrw stvec, t0
    la t0, handler
    csrw stvec, t0
    li s0, 0
    la t0, user
    csrw sepc, t0
    li t0, SSTATUS_SPP
    csrc sstatus, t0
    la s1, over
    sret
over:
    IS(s0, 400)
    j pass

    .balign 4
handler:
    csrr t0, scause
    addi t0, t0, -ECALL_U
    bnez t0, 1f
    csrr t0, sepc
    addi t0, t0, 4
    csrw sepc, t0
    sret
1:  jr s1

    .section .user, "ax"
user:
    li t1, 400
1:  addi s0, s0, 1
    ecall
    bne s0, t1, 1b
    ebreak
