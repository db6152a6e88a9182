/* SPDX-License-Identifier: GPL-2.0-or-later */
/* sum - with SUM the kernel loads from and stores to user pages. */
#include "guest.inc"
#define THEIRS 0x40000000
#define OURS 0x40001000

main:
    call new_space
    MAP THEIRS, DATA, (RW | U)
    MAP OURS, (DATA + 0x1000), RW
    call paging_on
    li t0, SSTATUS_SUM
    csrs sstatus, t0
    li s1, THEIRS
    li s2, OURS
    QUIET(sw s1, 0(s1))
    QUIET(lw t0, 0(s1))
    lw t0, 0(s1)
    CHECK(t0, s1)
    QUIET(amoadd.w t0, s2, (s1))
    QUIET(sw s2, 0(s2))
    QUIET(lw t0, 0(s2))
    j pass
