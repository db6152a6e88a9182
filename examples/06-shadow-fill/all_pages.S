/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * all_pages - every combination of R, W, X and U, with A and D clear, under every SUM and MXR:
 * load, store, fetch and AMO from either mode, and the resulting entry. Then superpages.
 */
#include "guest.inc"
#define PAGE 0x40000000
#define CODE 0x50000000

main:
    li t0, INSN_RET
    li t1, DATA
    sw t0, 0(t1)
    li t1, SUPER
    sw t0, 0(t1)
    call new_space
    la s0, user
    srli a1, s0, 2
    ori a1, a1, RX | U
    li a0, CODE
    call map_pte
    MAP PAGE, DATA, RWX
    mv s0, a0
    call paging_on
    li s1, PAGE
    li s5, PTE(DATA, V)
    call all_flags
    lw s0, root
    addi s0, s0, 1024
    li s5, PTE(SUPER, V)
    call all_flags
    j pass

    /* All flags s2 for the entry at s0 that is s5 but for them, under all SUM and MXR (s3). */
all_flags:
    mv a5, ra
    li s2, 0
1:  li s3, 0
2:  or t0, s5, s2
    sw t0, 0(s0)
    sfence.vma
    li t0, SSTATUS_SUM | SSTATUS_MXR
    csrc sstatus, t0
    slli t0, s3, 18
    csrs sstatus, t0
    call supervisor_uses
    or t0, s5, s2
    sw t0, 0(s0)
    sfence.vma
    call user_uses
    addi s3, s3, 1
    li t0, 4
    bne s3, t0, 2b
    addi s2, s2, R
    li t0, 2 * U
    bltu s2, t0, 1b
    jr a5

    .macro USES insn:vararg
    TRY \insn
    MIX s10
    lw t0, 0(s0)
    MIX t0
    .endm

supervisor_uses:
    mv a4, ra
    li a3, INSN_RET
    USES lw t0, 0(s1)
    USES sw a3, 0(s1)
    USES jalr s1
    USES amoor.w t0, zero, (s1)
    jr a4

    /* The program returns by ECALL; its other traps skip the instruction. */
user_uses:
    mv a4, ra
    la t0, trap_skip
    csrw stvec, t0
    li t0, CODE
    USER t0
    la t0, trap_catch
    csrw stvec, t0
    MIX s4
    lw t0, 0(s0)
    MIX t0
    li ra, 0
    USER s1
    lw t0, 0(s0)
    MIX t0
    jr a4

    .section .user, "ax"
user:
    lw s4, 0(s1)
    sw a3, 0(s1)
    amoadd.w s4, zero, (s1)
    ecall
