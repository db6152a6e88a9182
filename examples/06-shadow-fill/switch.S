/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * switch - clearing SUM or MXR takes effect at once, without a fence: a shadow filled while the
 * bit was set must no longer be used.
 */
#include "guest.inc"
#define THEIRS 0x40000000
#define EXECUTE 0x40001000

main:
    call new_space
    MAP THEIRS, DATA, (RW | U)
    MAP EXECUTE, (DATA + 0x1000), (V | X | A | D)
    call paging_on
    li s1, THEIRS
    li s2, EXECUTE
    li s3, 3
1:  li t0, SSTATUS_SUM
    csrs sstatus, t0
    TRY lw t0, 0(s1)
    li t0, SSTATUS_SUM
    csrc sstatus, t0
    TRAPS(LOAD_PAGE, lw t0, 0(s1))
    li t0, SSTATUS_MXR
    csrs sstatus, t0
    TRY lw t0, 0(s2)
    li t0, SSTATUS_MXR
    csrc sstatus, t0
    TRAPS(LOAD_PAGE, lw t0, 0(s2))
    addi s3, s3, -1
    bnez s3, 1b
    j pass
