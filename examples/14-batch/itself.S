/* SPDX-License-Identifier: GPL-2.0-or-later */
/* itself - an entry writes to the array: what counts is what it had when the call came. */
#include "batch.inc"

main:
    BEGIN
    ENTRY 0, s3, PTE(FRAMES + 0x1000, RW), VA | FENCE_PAGE
    addi t0, s4, 40
    ENTRY 1, t0, PTE(FRAMES + 0x3000, RW), 0
    ENTRY 2, s3, PTE(FRAMES + 0x2000, RW), VA | FENCE_PAGE
    CALL 3, 0, 3
    lw t0, 0(s1)
    IS(t0, 3)
    j pass
