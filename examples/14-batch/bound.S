/* SPDX-License-Identifier: GPL-2.0-or-later */
/* bound - 256 entries are a batch, 257 or a thousand million are none, and change nothing. */
#include "batch.inc"

main:
    BEGIN
    li t0, 257
    mv t3, s4
    li t4, PTE(FRAMES + 0x1000, RW)
    li t5, VA | FENCE_PAGE
2:  sw s3, 0(t3)
    sw zero, 4(t3)
    sw t4, 8(t3)
    sw t5, 12(t3)
    addi t3, t3, 16
    addi t0, t0, -1
    bnez t0, 2b
    CALL 257, SBI_INVALID_PARAM, 0
    CALL 0x10000001, SBI_INVALID_PARAM, 0
    CALL -1, SBI_INVALID_PARAM, 0
    lw t0, 0(s1)
    IS(t0, 1)
    CALL 256, 0, 256
    lw t0, 0(s1)
    IS(t0, 2)
    j pass
