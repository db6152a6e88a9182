/* SPDX-License-Identifier: GPL-2.0-or-later */
/* sum - without SUM the kernel may not touch a program's pages; MXR lets it read what is X. */
#include "guest.inc"
#define PAGE 0x40000000

main:
    call new_space
    MAP PAGE, DATA, RW | U
    MAP PAGE + 0x1000, DATA, V | X | A
    call paging_on
    li s0, PAGE
    lui s1, 1
    add s1, s0, s1
    li s2, 4
    li t0, SSTATUS_SUM
    li t1, SSTATUS_MXR
2:  csrw sstatus, t0
    QUIET(lw t2, 0(s0))
    TRAPS(LOAD_PAGE, lw t2, 0(s1))
    li t0, SSTATUS_SUM
    li t1, SSTATUS_MXR
    csrw sstatus, zero
    TRAPS(LOAD_PAGE, lw t2, 0(s0))
    csrw sstatus, t1
    QUIET(lw t2, 0(s1))
    TRAPS(LOAD_PAGE, lw t2, 0(s0))
    csrw sstatus, zero /* MXR is taken away alone: what it allowed is in the shadow */
    TRAPS(LOAD_PAGE, lw t2, 0(s1))
    addi s2, s2, -1
    bnez s2, 2b
    csrw sstatus, zero
    j pass
