/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * counters - cycle, time and instret, in supervisor mode and, as scounteren says, in user mode; the
 * hpmcounters do not exist in PZ32, whatever the engine's CPU does with them: illegal in both modes.
 * Where that CPU does not trap (Unicorn), this page must be interpreted; also when the instruction
 * comes into it later, or lies across two pages.
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
    csrr t0, scounteren
    IS(t0, 7) /* as the firmware leaves it */
    csrw scounteren, zero
    li a0, 0x77
    .irp csr, 0xc03, 0xc1f, 0xc83, 0xc9f
    READS \csr
    .endr
    .irp csr, cycle, time, instret, cycleh, timeh, instreth
    TRAPS(ILLEGAL, csrrw a0, \csr, zero)
    TRAPS(ILLEGAL, csrrs a0, \csr, a0)
    TRAPS(ILLEGAL, csrrci a0, \csr, 1)
    .endr
    IS(a0, 0x77)

    /* What retires counts, once; what traps does not, nor what WFI sleeps. */
    csrr s0, cycle
    csrr s1, instret
    csrrci s2, cycle, 0
    sub t0, s1, s0
    IS(t0, 1)
    sub t0, s2, s0
    IS(t0, 2)
    .irp csr, cycle, instret, cycleh, instreth
    csrr t0, \csr
    MIX t0
    .endr
    csrr a0, time
    addi a0, a0, 2000
    li a1, 0
    SBI SBI_TIME, 0
    li t0, STIP
    csrw sie, t0
    csrr s0, time
    csrr s1, instret
    wfi
    csrr s2, instret
    csrr s3, time
    sub t0, s2, s1
    IS(t0, 2)
    sub t0, s3, s0
    li t1, 1000
    bgeu t0, t1, 1f
    li a0, __LINE__
    j fail
1:  csrw sie, zero
    TIMER_NEVER

    /* Into a page that has been executed already, and out of it again. */
    li s0, DATA
    li s1, 12
rewrite:
    li t0, INSN_RET
    sw t0, 0(s0)
    sw t0, 4(s0)
    fence.i
    QUIET(jalr s0)
    li t0, 0xc0302573 /* csrr a0, hpmcounter3 */
    sw t0, 0(s0)
    fence.i
    TRAPS(ILLEGAL, jalr s0)
    IS(s9, 0xc0302573)
    addi s1, s1, -1
    bnez s1, rewrite

    /* Across two pages. */
    li s0, DATA + 0x1ffe
    li t0, 0x2573
    sh t0, 0(s0)
    li t0, 0xc030 /* csrr a0, hpmcounter3 */
    sh t0, 2(s0)
    li t0, INSN_RET
    sw t0, 4(s0)
    fence.i
    TRAPS(ILLEGAL, jalr s0)
    IS(s9, 0xc0302573)
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

    /* User mode sees what scounteren opens: s2, a bit for each counter and for each high half. */
    li s3, 7
open:
    csrw scounteren, s3
    la t0, user_open
    USER t0
    IS(s10, ECALL_U)
    slli t0, s3, 3
    or t0, t0, s3
    CHECK(s2, t0)
    MIX s4
    addi s3, s3, -1
    bgez s3, open
    j pass

    .section .user, "ax"
user:
    li s2, 64
    .irp csr, 0xc00, 0xc01, 0xc02, 0xc03, 0xc10, 0xc80, 0xc81, 0xc82
    csrrs s2, \csr, zero
    csrrci s2, \csr, 0
    .endr
    ecall

user_open:
    li s2, 0
    .irp csr, instreth, timeh, cycleh, instret, time, cycle
    li s4, -1
    csrr s4, \csr
    addi t0, s4, 1
    snez t0, t0
    slli s2, s2, 1
    or s2, s2, t0
    csrrw s4, \csr, zero /* a write is illegal in any case */
    .endr
    ecall
