/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * csr_user - in user mode every CSR access is illegal, `time` too while scounteren is 0, with the
 * instruction in stval and without any effect; so are SRET, WFI and SFENCE.VMA.
 */
#include "guest.inc"

    .macro ATTEMPTS csr
    csrrw a0, \csr, a1
    csrrw zero, \csr, zero
    csrrs a0, \csr, a1
    csrrs a0, \csr, zero
    csrrs zero, \csr, zero
    csrrc a0, \csr, a1
    csrrc a0, \csr, zero
    csrrwi a0, \csr, 3
    csrrsi a0, \csr, 0
    csrrci a0, \csr, 0
    .endm

main:
    la t0, trap_skip
    csrw stvec, t0
    li a0, 0x55
    li a1, -1
    li t0, 0x13579bde
    csrw sscratch, t0
    li t0, SSTATUS_SUM
    csrw sstatus, t0
    csrw scounteren, zero
    la t0, user
    USER t0
    IS(s10, ECALL_U)
    IS(a0, 0x55)
    csrr a0, sscratch
    IS(a0, 0x13579bde)
    csrr a0, satp
    CHECK(a0, zero)
    csrr a0, sie
    CHECK(a0, zero)
    csrr a0, sstatus
    IS(a0, SSTATUS_SUM | SSTATUS_SPIE)
    j pass

    .section .user, "ax"
user:
    .irp csr, 0x100, 0x104, 0x105, 0x106, 0x140, 0x141, 0x142, 0x143, 0x144, 0x180, 0xc01, 0xc81
    ATTEMPTS \csr
    .endr
    .irp csr, 0x000, 0x001, 0x003, 0x102, 0x10a, 0x14d, 0x300, 0x344, 0x680, 0x7c0, 0xf14, 0xfff
    ATTEMPTS \csr
    .endr
    sret
    wfi
    sfence.vma
    sfence.vma a0, a1
    .word 0x30200073 /* mret */
    ecall
