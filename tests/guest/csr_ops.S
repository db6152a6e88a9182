/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * csr_ops - every CSR x CSRRW, CSRRS, CSRRC and immediate forms x rs1 and rd zero or not, in
 * supervisor mode, with all other CSRs read back after each. Whether a set or clear writes goes
 * by the register's number, not its value (RVirt); unknown numbers and read-only writes trap
 * (RVirt skipped them). Counters are in counters.S: this page is executed directly.
 */
#include "guest.inc"

    .macro STUB insn:vararg
    \insn
    ret
    .endm

    .macro STUBS csr
    STUB csrrw a0, \csr, a1
    STUB csrrw zero, \csr, a1
    STUB csrrw a0, \csr, zero
    STUB csrrw zero, \csr, zero
    STUB csrrs a0, \csr, a1
    STUB csrrs zero, \csr, a1
    STUB csrrs a0, \csr, zero
    STUB csrrs zero, \csr, zero
    STUB csrrc a0, \csr, a1
    STUB csrrc zero, \csr, a1
    STUB csrrc a0, \csr, zero
    STUB csrrc zero, \csr, zero
    STUB csrrwi a0, \csr, 21
    STUB csrrwi zero, \csr, 0
    STUB csrrsi a0, \csr, 10
    STUB csrrsi zero, \csr, 0
    STUB csrrci a0, \csr, 6
    STUB csrrci a0, \csr, 0
    .endm

main:
    la s0, stubs
    la s1, stubs_end
next_stub:
    la s2, values
next_value:
    lw a1, (s2)
    call try_stub
    addi s2, s2, 4
    la t0, values_end
    bne s2, t0, next_value
    addi s0, s0, 8
    bne s0, s1, next_stub
    j pass

    /* From known state, run the stub at s0; then see everything. No two bits make an interrupt. */
try_stub:
    mv s3, ra
    li a0, 0x1234
    li t0, 0x00000120
    csrw sstatus, t0
    csrw sie, zero
    csrw sip, zero
    csrw satp, zero
    csrwi scounteren, 5
    csrw 0x10a, zero /* senvcfg */
    li t0, 0x0f0f0f0e
    csrw sscratch, t0
    csrw sepc, t0
    csrw scause, t0
    csrw stval, t0
    TRY jalr s0
    csrr t1, stvec
    la t0, trap_catch
    csrw stvec, t0
    MIX a0
    MIX t1
    MIX s10
    csrr t0, sstatus
    MIX t0
    csrr t0, sie
    MIX t0
    csrr t0, sip
    MIX t0
    csrr t0, satp
    MIX t0
    csrr t0, sscratch
    MIX t0
    csrr t0, sepc
    MIX t0
    csrr t0, scause
    MIX t0
    csrr t0, stval
    MIX t0
    csrr t0, scounteren
    MIX t0
    csrr t0, 0x10a
    MIX t0
    csrr t0, time
    MIX t0
    csrr t0, timeh
    MIX t0
    mv ra, s3
    ret

    /* Bit 31 is clear, for satp's sake: warl.S has it. */
    .balign 4
values:
    .word 0, 0x7fffffff, 0x2aaaaaaa
values_end:

    .balign 8
stubs:
    .irp csr, 0x100, 0x104, 0x105, 0x106, 0x140, 0x141, 0x142, 0x143, 0x144, 0x180, 0xc01, 0xc81
    STUBS \csr
    .endr
    .irp csr, 0x000, 0x001, 0x003, 0x102, 0x10a, 0x14c, 0x15c, 0x200, 0x300, 0x305, 0x342, 0x344
    STUBS \csr
    .endr
    .irp csr, 0x5a8, 0x680, 0x7a0, 0x7c0, 0x800, 0xdb0, 0xf14, 0xfff
    STUBS \csr
    .endr
stubs_end:
