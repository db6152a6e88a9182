/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * end - where RAM ends: its last word can be used, and the next one faults, for loads, stores
 * and fetches, with and without paging.
 */
#include "guest.inc"
#define PAGE 0x40000000

main:
    li s0, RAM_SIZE - 4
    li s1, RAM_SIZE
    sw s0, 0(s0)
    QUIET(lw t0, 0(s0))
    lw t0, 0(s0)
    CHECK(t0, s0)

    TRAPS(LOAD_ACCESS, lw t0, 0(s1))
    CHECK(s9, s1)
    TRAPS(LOAD_ACCESS, lw t0, 2(s0))
    CHECK(s9, s1)
    TRAPS(STORE_ACCESS, sw t0, 0(s1))
    TRAPS(STORE_ACCESS, sw t0, 64(s1))
    TRAPS(INSN_ACCESS, jalr s1)
    li s2, 0x1000
    add s2, s2, s1
    TRAPS(LOAD_ACCESS, lw t0, 0(s2))

    call new_space
    MAP PAGE, RAM_SIZE, RWX
    MAP (PAGE + 0x1000), (RAM_SIZE - 0x1000), RW
    call paging_on
    li s2, PAGE
    li s3, PAGE + 0x1ffc
    TRAPS(LOAD_ACCESS, lw t0, 0(s2))
    TRAPS(STORE_ACCESS, sw t0, 8(s2))
    TRAPS(INSN_ACCESS, jalr s2)
    QUIET(lw t0, 0(s3))
    lw t0, 0(s3)
    CHECK(t0, s0)
    j pass
