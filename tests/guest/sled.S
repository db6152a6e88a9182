/* SPDX-License-Identifier: GPL-2.0-or-later */
/* sled - a page of nothing but ECALL, run through in user mode; then one of illegal instructions. */
#include "guest.inc"

main:
    la t0, handler
    csrw stvec, t0
    li s0, DATA
    li t1, INSN_ECALL
    call fill
    li t1, -1
    call fill
    li t1, 0x9002 /* c.ebreak */
    sw t1, 0(s0)
    li s0, 0
    li t0, DATA
    csrw sepc, t0
    fence.i
    sret

    /* A page of the word t1. */
fill:
    li t0, 1024
1:  sw t1, 0(s0)
    addi s0, s0, 4
    addi t0, t0, -1
    bnez t0, 1b
    ret

    .balign 4
handler:
    csrr t0, scause
    MIX t0
    csrr t1, stval
    MIX t1
    addi s0, s0, 1
    addi t0, t0, -BREAKPOINT
    beqz t0, over
    csrr t0, sepc
    addi t0, t0, 4
    csrw sepc, t0
    sret
over:
    IS(s0, 2049)
    j pass
