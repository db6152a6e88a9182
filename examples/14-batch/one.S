/* SPDX-License-Identifier: GPL-2.0-or-later */
/* one - a batch of one: the page is another after the call. */
#include "batch.inc"

main:
    BEGIN
    ENTRY 0, s3, PTE(FRAMES + 0x1000, RW), VA | FENCE_PAGE
    CALL 1, 0, 1
    lw t0, 0(s1)
    IS(t0, 2)
    CALL 0, 0, 0
    j pass
