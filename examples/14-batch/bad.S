/* SPDX-License-Identifier: GPL-2.0-or-later */
/* bad - an entry in the middle is bad: what comes before it is done, and nothing after it. */
#include "batch.inc"

main:
    BEGIN
    .macro BAD error, address, high, fence
    ENTRY 0, s3, PTE(FRAMES + 0x1000, RW), VA | FENCE_PAGE
    li t0, \address
    ENTRY 1, t0, 0x1234, \fence
    li t0, \high
    sw t0, 20(s4)
    ENTRY 2, s3, PTE(FRAMES + 0x2000, RW), VA | FENCE_PAGE
    CALL 3, \error, 1
    lw t0, 0(s1)
    IS(t0, 2)
    .endm

    BAD INVALID_ADDRESS, RAM_SIZE, 0, 0
    BAD INVALID_ADDRESS, UART, 0, 0
    BAD INVALID_ADDRESS, SUPER, 4, 0
    BAD SBI_INVALID_PARAM, SUPER + 2, 0, 0
    BAD SBI_INVALID_PARAM, SUPER, 0, 4
    BAD SBI_INVALID_PARAM, SUPER, 0, 0x800 | FENCE_PAGE
    csrw satp, zero
    li t0, SUPER
    lw t1, 0(t0)
    CHECK(t1, zero)
    j pass
