/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * garbage - jumps into what is no code: zeros, all ones, pointers of every alignment, beyond RAM;
 * then 96 stretches of pseudo-random words run in user mode on pages of their own, each ended by
 * a trap or by the timer, with all registers looked at afterwards.
 */
#include "guest.inc"
#define CODE 0x40000000
#define STORE 0x50000000
#define STRETCHES 96

main:
    li s0, DATA
    TRAPS(ILLEGAL, jalr s0)
    TVAL(0)
    TRAPS(ILLEGAL, jalr ra, 1(s0))
    CHECK(s7, s0)
    TRAPS(ILLEGAL, jalr ra, 2(s0))
    li t0, -1
    sw t0, 0(s0)
    fence.i
    TRAPS(ILLEGAL, jalr s0)
    TVAL(-1)
    li t0, -4
    TRAPS(INSN_ACCESS, jalr t0)
    TVAL(-4)

    call new_space
    li s0, 0
1:  li t0, CODE
    add a0, s0, t0
    li t0, DATA
    add t0, s0, t0
    srli a1, t0, 2
    ori a1, a1, RX | U
    call map_pte
    li t0, STORE
    add a0, s0, t0
    li t0, DATA + 0x4000
    add t0, s0, t0
    srli a1, t0, 2
    ori a1, a1, RW | U
    call map_pte
    lui t0, 1
    add s0, s0, t0
    li t0, 0x4000
    bne s0, t0, 1b
    call paging_on
    li t0, SSTATUS_SUM
    csrs sstatus, t0
    li s5, 0x2545f491
    li s3, STRETCHES
    la t0, handler
    csrw stvec, t0
    li t0, STIP
    csrw sie, t0
stretch:
    /* 48 words, in all but every fourth stretch made 32-bit instructions of the base set. */
    li t0, DATA
    slli t1, s3, 6
    add t0, t0, t1
    li t1, 48
    li t3, 0x7f
    la t4, opcodes
2:  slli t2, s5, 13
    xor s5, s5, t2
    srli t2, s5, 17
    xor s5, s5, t2
    slli t2, s5, 5
    xor s5, s5, t2
    mv t2, s5
    andi t5, s3, 3
    beqz t5, 3f
    srli t5, s5, 9
    andi t5, t5, 15
    add t5, t5, t4
    lbu t5, 0(t5)
    andi t2, t2, ~0x7f
    or t2, t2, t5
3:  sw t2, 0(t0)
    addi t0, t0, 4
    addi t1, t1, -1
    bnez t1, 2b
    fence.i
    csrr a0, time
    addi a0, a0, 400
    li a1, 0
    SBI SBI_TIME, 0
    li t0, CODE
    slli t1, s3, 6
    add t0, t0, t1
    csrw sepc, t0
    li t0, SSTATUS_SPP | SSTATUS_SPIE
    csrc sstatus, t0
    la t0, registers
    sw s3, 128(t0)
    sw s5, 132(t0)
    sw s11, 136(t0)
    sw sp, 140(t0)
    csrw sscratch, t0
    /* Pointers to store by, in most registers. */
    li sp, STORE + 0x800
    .irp reg, a0, a1, a2, a3, a4, a5, s0, s1, s2, s3, t0, t1, t2, gp
    addi \reg, sp, 16
    .endr
    sret
over:
    addi s3, s3, -1
    bnez s3, stretch
    li t0, 0
    li t1, DATA + 0x4000
    li t2, 0x1000
4:  lw t3, 0(t1)
    MIX t3
    addi t1, t1, 4
    addi t2, t2, -1
    bnez t2, 4b
    j pass

    /* Every register is the user's: save, take back ours, mix theirs. */
    .balign 4
handler:
    csrrw tp, sscratch, tp
    sw a0, 0(tp)
    sw a1, 4(tp)
    sw sp, 8(tp)
    sw s0, 12(tp)
    sw s1, 16(tp)
    sw gp, 20(tp)
    sw t0, 24(tp)
    sw s11, 28(tp)
    lw s3, 128(tp)
    lw s5, 132(tp)
    lw s11, 136(tp)
    lw sp, 140(tp)
    .irp at, 0, 4, 8, 12, 16, 20, 24, 28
    lw t0, \at(tp)
    MIX t0
    .endr
    MIX t1
    MIX t2
    MIX a2
    MIX a3
    MIX ra
    csrr t0, scause
    MIX t0
    csrr t0, stval
    MIX t0
    csrr t0, sepc
    MIX t0
    TIMER_NEVER
    j over

    .data
opcodes:
    .byte 0x13, 0x33, 0x03, 0x23, 0x63, 0x6f, 0x67, 0x37
    .byte 0x13, 0x33, 0x03, 0x23, 0x63, 0x2f, 0x17, 0x73
    .balign 8
registers:
    .space 160
