/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fence - rights that an entry takes away are gone after the call, by each kind of fence. */
#include "batch.inc"

main:
    BEGIN
    sw s1, 0(s1)
    ENTRY 0, s3, PTE(FRAMES, V | R | A | D), VA | FENCE_PAGE
    CALL 1, 0, 1
    TRAPS(STORE_PAGE, sw s1, 0(s1))
    ENTRY 0, s3, PTE(FRAMES, RW), VA | FENCE_PAGE
    CALL 1, 0, 1
    QUIET(sw s1, 0(s1))
    ENTRY 0, s3, 0, 2
    CALL 1, 0, 1
    TRAPS(LOAD_PAGE, lw t0, 0(s1))
    ENTRY 0, s3, PTE(FRAMES, RW), 0
    CALL 1, 0, 1
    QUIET(sw s1, 0(s1))
    ENTRY 0, s3, 0, FENCE_ALL
    CALL 1, 0, 1
    TRAPS(LOAD_PAGE, lw t0, 0(s1))
    j pass
