/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * meaning - a field is more than a bit that can be read back: SUM lets the kernel access user
 * pages, and MXR lets it load from execute-only pages; without them both fault.
 */
#include "guest.inc"
#define USER_PAGE 0x800000
#define CODE_PAGE 0x801000

main:
    call new_space
    MAP USER_PAGE, DATA, (RW | U)
    MAP CODE_PAGE, (DATA + 0x1000), (V | X | A | D)
    call paging_on
    li s0, USER_PAGE
    li s1, CODE_PAGE
    li s2, SSTATUS_SUM
    li s3, SSTATUS_MXR
    csrc sstatus, s2
    csrc sstatus, s3
    TRAPS(LOAD_PAGE, lw t0, 0(s0))
    TRAPS(LOAD_PAGE, lw t0, 0(s1))
    csrs sstatus, s2
    QUIET(lw t0, 0(s0))
    TRAPS(LOAD_PAGE, lw t0, 0(s1))
    csrs sstatus, s3
    QUIET(lw t0, 0(s1))
    csrc sstatus, s2
    TRAPS(LOAD_PAGE, lw t0, 0(s0))
    QUIET(lw t0, 0(s1))
    csrc sstatus, s3
    TRAPS(LOAD_PAGE, lw t0, 0(s1))
    j pass
