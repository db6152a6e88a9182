/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sum_mxr - who may use which page: every entry's rights x mode x SUM x MXR x access. User pages
 * never execute in supervisor mode, SUM or not (RVirt's bug); MXR makes execute-only readable.
 */
#include "guest.inc"
#define PAGE 0x40000000
#define USER_CODE 0x50000000

main:
    li t0, DATA
    li t1, INSN_RET
    sw t1, (t0)
    call new_space
    la s0, user_code
    srli a1, s0, 2
    ori a1, a1, RX | U
    li a0, USER_CODE
    call map_pte
    MAP PAGE, DATA, RWX
    mv s0, a0
    call paging_on
    li s1, PAGE

    /* Rights in s2: R, W, X and U, without the reserved W without R. */
    li s2, 0
next_rights:
    andi t0, s2, W | R
    li t1, W
    beq t0, t1, over
    li t0, PTE(DATA, V | A | D)
    or t0, t0, s2
    sw t0, (s0)
    sfence.vma
    li s3, 0
next_status:
    li t0, SSTATUS_SUM | SSTATUS_MXR
    csrc sstatus, t0
    slli t0, s3, 18
    csrs sstatus, t0
    call probe_supervisor
    call probe_user
    addi s3, s3, 1
    li t0, 4
    bne s3, t0, next_status
over:
    addi s2, s2, R
    li t0, 2 * U
    bltu s2, t0, next_rights

    /* The points that others got wrong, by name. */
    li t0, PTE(DATA, RWX | U)
    sw t0, (s0)
    sfence.vma
    li t0, SSTATUS_SUM | SSTATUS_MXR
    csrs sstatus, t0
    QUIET(lw t0, (s1))
    TRAPS(INSN_PAGE, jalr s1)
    li t0, SSTATUS_SUM
    csrc sstatus, t0
    TRAPS(LOAD_PAGE, lw t0, (s1))
    li t0, PTE(DATA, V | X | A | D)
    sw t0, (s0)
    sfence.vma
    QUIET(lw t0, (s1))
    QUIET(jalr s1)
    TRAPS(STORE_PAGE, sw zero, (s1))
    li t0, SSTATUS_MXR
    csrc sstatus, t0
    TRAPS(LOAD_PAGE, lw t0, (s1))
    QUIET(jalr s1)
    j pass

probe_supervisor:
    TRY lw t0, (s1)
    MIX s10
    li t0, INSN_RET
    TRY sw t0, (s1)
    MIX s10
    mv s5, ra
    TRY jalr s1
    mv ra, s5
    MIX s10
    TRY amoor.w t0, zero, (s1)
    MIX s10
    ret

    /* The user's code takes what traps it takes, and comes back by ECALL; then a jump from S. */
probe_user:
    mv s5, ra
    la t0, trap_skip
    csrw stvec, t0
    li t0, USER_CODE
    USER t0
    la t0, trap_catch
    csrw stvec, t0
    MIX s4
    li ra, 0
    USER s1
    mv ra, s5
    ret

    .section .user, "ax"
user_code:
    lw s4, (s1)
    sw s4, (s1)
    lr.w s4, (s1)
    sc.w s4, s4, (s1)
    amoadd.w s4, zero, (s1)
    ecall
