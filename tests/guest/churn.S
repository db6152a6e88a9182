/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * churn - more address spaces than a monitor keeps roots for, more tables than it may have: 96
 * spaces of 8 far apart pages each, switched between by ASID and by fence, three rounds. Each
 * page shows that its space is still the right one.
 */
#include "guest.inc"
#define SPACES 96
#define SLOTS 8

main:
    li s0, 0
build:
    call new_space
    lw s2, root
    /* Slots 256 + 100 * n -> SUPER, a page for each space and slot at 4 * (8 * space + n). */
    li t0, 256
    li t2, SLOTS
1:  slli t3, t0, 2
    add t3, t3, s2
    li t4, PTE(SUPER, RW)
    sw t4, 0(t3)
    addi t0, t0, 90
    addi t2, t2, -1
    bnez t2, 1b
    addi s0, s0, 1
    li t0, SPACES
    bne s0, t0, build

    li s3, 3
round:
    li s0, 0
    li s2, TABLES
space:
    srli t0, s2, 12
    li t1, 0x80000000
    or t0, t0, t1
    andi t1, s3, 1
    beqz t1, 2f
    slli t1, s0, 22 /* an odd round: ASIDs, no fence */
    or t0, t0, t1
    csrw satp, t0
    j 3f
2:  csrw satp, t0
    sfence.vma
3:  li s4, SLOTS
    li s5, 256 << 22
slot:
    slli t0, s0, 14
    add t0, t0, s5
    lw t1, 0(t0)
    MIX t1
    add t1, s0, s5
    sw t1, 0(t0)
    lw t2, 0(t0)
    CHECK(t1, t2)
    li t0, 90 << 22
    add s5, s5, t0
    addi s4, s4, -1
    bnez s4, slot
    lui t0, 1
    add s2, s2, t0
    addi s0, s0, 1
    li t0, SPACES
    bne s0, t0, space
    addi s3, s3, -1
    bnez s3, round
    j pass
