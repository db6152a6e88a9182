/* SPDX-License-Identifier: GPL-2.0-or-later */
/* others - 100 times an entry is changed and its page fenced: other pages stay. */
#include "batch.inc"

main:
    BEGIN
    li s0, 100
2:  ENTRY 0, s3, PTE(FRAMES + 0x1000, RW), VA | FENCE_PAGE
    CALL 1, 0, 1
    lw t0, 0(s1)
    IS(t0, 2)
    addi s0, s0, -1
    bnez s0, 2b
    j pass
