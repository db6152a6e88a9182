/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * counters - cycle, instret and the other counters do not exist in PZ32, whatever the engine's
 * CPU does with them: illegal in both modes. Where that CPU does not trap (Unicorn), this page
 * must be interpreted; also when the instruction comes into it later, or lies across two pages.
 */
#include "guest.inc"

    .macro READS csr
    TRAPS(ILLEGAL, csrrs a0, \csr, zero)
    TRAPS(ILLEGAL, csrrs zero, \csr, zero)
    TRAPS(ILLEGAL, csrrc a0, \csr, zero)
    TRAPS(ILLEGAL, csrrsi a0, \csr, 0)
    TRAPS(ILLEGAL, csrrci a0, \csr, 0)
    TRAPS(ILLEGAL, csrrw a0, \csr, zero)
    TRAPS(ILLEGAL, csrrs a0, \csr, a0)
    .endm

main:
    li a0, 0x77
    .irp csr, 0xc00, 0xc02, 0xc03, 0xc1f, 0xc80, 0xc82, 0xc83, 0xc9f
    READS \csr
    .endr
    IS(a0, 0x77)

    /* Into a page that has been executed already, and out of it again. */
    li s0, DATA
    li s1, 12
rewrite:
    li t0, INSN_RET
    sw t0, 0(s0)
    sw t0, 4(s0)
    fence.i
    QUIET(jalr s0)
    li t0, 0xc0002573 /* csrr a0, cycle */
    sw t0, 0(s0)
    fence.i
    TRAPS(ILLEGAL, jalr s0)
    IS(s9, 0xc0002573)
    addi s1, s1, -1
    bnez s1, rewrite

    /* Across two pages. */
    li s0, DATA + 0x1ffe
    li t0, 0x2573
    sh t0, 0(s0)
    li t0, 0xc020 /* csrr a0, instret */
    sh t0, 2(s0)
    li t0, INSN_RET
    sw t0, 4(s0)
    fence.i
    TRAPS(ILLEGAL, jalr s0)
    IS(s9, 0xc0202573)
    li t0, 0x1410 /* csrr a0, sepc */
    sh t0, 2(s0)
    fence.i
    QUIET(jalr s0)

    la t0, trap_skip
    csrw stvec, t0
    la t0, user
    USER t0
    IS(s10, ECALL_U)
    IS(s2, 64)
    j pass

    .section .user, "ax"
user:
    li s2, 64
    .irp csr, 0xc00, 0xc02, 0xc03, 0xc10, 0xc80, 0xc82
    csrrs s2, \csr, zero
    csrrci s2, \csr, 0
    .endr
    ecall
