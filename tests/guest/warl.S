/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * warl - what each CSR makes of all ones, all zeros and single fields (36 of Miralis's fixes):
 * sepc's low bit, stvec's modes, scounteren, senvcfg, the writable bits of sie, sip and sstatus, SPP after
 * SRET.
 */
#include "guest.inc"

#define SENVCFG 0x10a /* older assemblers do not know the name */
#define HOLDS(csr, written, value) li t0, written; csrw csr, t0; csrr t1, csr; IS(t1, value)

main:
    HOLDS(sstatus, -1 - SSTATUS_SIE, SSTATUS_SPIE | SSTATUS_SPP | SSTATUS_SUM | SSTATUS_MXR)
    HOLDS(sstatus, 0, 0)
    HOLDS(sstatus, SSTATUS_SIE, SSTATUS_SIE)
    HOLDS(sstatus, 0x00006600, 0)
    HOLDS(sstatus, 0x80000000, 0)
    HOLDS(sie, -1, SSIP | STIP | SEIP)
    HOLDS(sie, 0, 0)
    HOLDS(sip, -1, SSIP)
    HOLDS(sip, 0, 0)
    HOLDS(scounteren, -1, 7)
    HOLDS(scounteren, 2, 2)
    HOLDS(scounteren, 0xfffffff8, 0)
    HOLDS(SENVCFG, -1, 1)
    HOLDS(SENVCFG, 0xfffffffe, 0)
    HOLDS(sscratch, -1, -1)
    HOLDS(scause, -1, -1)
    HOLDS(stval, -1, -1)
    HOLDS(sepc, -1, -2)
    HOLDS(sepc, 0x1001, 0x1000)
    HOLDS(sepc, 0x1002, 0x1002)
    HOLDS(satp, 0x7fffffff, 0x7fffffff)
    HOLDS(satp, 0, 0)

    /* stvec without a trap in between; 2 and 3 are reserved modes. */
    li t0, -1
    csrrw s0, stvec, t0
    csrr s1, stvec
    li t0, 0x1002
    csrw stvec, t0
    csrr s2, stvec
    csrw stvec, zero
    csrr s3, stvec
    csrw stvec, s0
    IS(s1, -3)
    IS(s2, 0x1000)
    CHECK(s3, zero)

    /* satp keeps its ASID, all 9 bits, while translation is on. */
    call new_space
    call paging_on
    li t0, 0x1ff << 22
    csrs satp, t0
    csrr s1, satp
    csrw satp, zero
    lw t0, root
    srli t0, t0, 12
    li t1, 0xffc00000
    or t0, t0, t1
    CHECK(t0, s1)

    /* SRET: SPP goes to user, SPIE to 1, SIE becomes the old SPIE. */
    li t0, SSTATUS_SPP
    csrw sstatus, t0
    la t0, 2f
    csrw sepc, t0
    sret
2:  csrr s1, sstatus
    IS(s1, SSTATUS_SPIE)
    li t0, SSTATUS_SPP | SSTATUS_SPIE | SSTATUS_SUM
    csrw sstatus, t0
    la t0, 3f
    csrw sepc, t0
    sret
3:  csrr s1, sstatus
    IS(s1, SSTATUS_SIE | SSTATUS_SPIE | SSTATUS_SUM)
    j pass
