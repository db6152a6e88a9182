/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * all - every CSR is written with every bit pattern of a few, and read again; and once between an
 * LR and its SC, whose reservation outlives it (docs/isa.md).
 */
#include "guest.inc"

    .macro EACH csr
    csrr s1, \csr
    li s0, 8
    la s2, patterns
2:  lw t0, 0(s2)
    csrrw t1, \csr, t0
    MIX t1
    csrrw t0, \csr, t0
    MIX t0
    csrrw zero, \csr, zero
    csrr t1, \csr
    MIX t1
    addi s2, s2, 4
    addi s0, s0, -1
    bnez s0, 2b
    lr.w t0, (s3)
    csrrw t1, \csr, s1
    sc.w t2, t0, (s3)
    MIX t2
    csrw \csr, s1
    .endm

main:
    li s3, DATA
    EACH sscratch
    EACH sepc
    EACH scause
    EACH stval
    EACH scounteren
    EACH 0x10a
    EACH sip
    EACH sie
    csrw sie, zero
    csrw sip, zero
    EACH sstatus
    /* A trap would go astray in between: nothing traps. */
    EACH stvec
    mv a0, s11
    call print_hex
    j pass

    .data
    .balign 4
patterns:
    .word 0, 0xffffffff, 0x55555555, 0xaaaaaaaa, 0x00000122, 0x000c0000, 0x80000003, 0x00000222
