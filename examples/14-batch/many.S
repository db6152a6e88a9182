/* SPDX-License-Identifier: GPL-2.0-or-later */
/* many - 64 pages are mapped by one call, in order: the last entry of a page counts. */
#include "batch.inc"

main:
    BEGIN
    mv t2, s3
    mv t3, s4
    li t4, PTE(FRAMES, RW)
    li t5, VA | FENCE_PAGE
    li s0, 64
2:  sw t2, 0(t3)
    sw zero, 4(t3)
    sw t4, 8(t3)
    sw t5, 12(t3)
    addi t2, t2, 4
    addi t3, t3, 16
    addi t4, t4, PTE(0x1000, 0)
    lui t0, 1
    add t5, t5, t0
    addi s0, s0, -1
    bnez s0, 2b
    sw s3, 0(t3)
    sw zero, 4(t3)
    li t0, PTE(FRAMES + 0x5000, RW)
    sw t0, 8(t3)
    li t0, VA | FENCE_PAGE
    sw t0, 12(t3)
    CALL 65, 0, 65
    lw t0, 0(s1)
    IS(t0, 6)
    li s0, 2
    li s2, 65
3:  lui t0, 1
    add s1, s1, t0
    lw t1, 0(s1)
    CHECK(t1, s0)
    addi s0, s0, 1
    bne s0, s2, 3b
    j pass
