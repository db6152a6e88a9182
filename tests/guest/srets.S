/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * srets - SRET in all its forms: to each mode, with each SPIE, from code in each mode, to
 * addresses that fault; SIE in user mode; a reservation and rights that must change with it.
 */
#include "guest.inc"

main:
    li s1, DATA
    li s0, 0
next:
    slli t0, s0, 5
    andi t0, t0, SSTATUS_SPIE
    csrw sstatus, t0
    la t0, user
    csrw sepc, t0
    TRY sret
    IS(s10, ECALL_U)
    csrr t0, sstatus
    MIX t0
    addi s0, s0, 1
    li t0, 16
    bne s0, t0, next

    /* SRET is the supervisor's. */
    la t0, user_sret
    USER t0
    IS(s10, ILLEGAL)
    IS(s9, 0x10200073)

    /* To where nothing can be fetched: the fault is the target's. */
    li t0, RAM_SIZE
    csrw sepc, t0
    li t0, SSTATUS_SPP
    csrs sstatus, t0
    TRY sret
    IS(s10, INSN_ACCESS)
    IS(s7, RAM_SIZE)
    csrr t0, sstatus
    MIX t0

    /* To an odd halfword: sepc has no bit 0. */
    la t0, 1f
    addi t0, t0, 1
    csrw sepc, t0
    csrr t1, sepc
    li t0, SSTATUS_SPP
    csrs sstatus, t0
    TRY sret
1:  li s8, 0

    /* With paging: what is the kernel's is not the user's, at once. */
    call new_space
    call paging_on
    la t0, user
    USER t0
    IS(s10, INSN_PAGE)
    la t0, user
    CHECK(s9, t0)
    j pass

    .section .user, "ax"
user:
    lr.w t0, (s1)
    ecall
user_sret:
    sret
