/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * spaces - the same address maps to three pages: under ASID 1, under ASID 2, and with
 * translation off. The kernel switches between them without a fence, as the architecture
 * allows.
 */
#include "guest.inc"
#define PAGE SUPER
#define ASID(n) ((n) << 22)

    .macro SPACE asid
    call new_space
    MAP PAGE, (DATA + (\asid << 12)), RW
    lw t0, root
    srli t0, t0, 12
    li t1, 0x80000000 | ASID(\asid)
    or t0, t0, t1
    .endm

main:
    SPACE 1
    mv s1, t0
    SPACE 2
    mv s2, t0
    sfence.vma
    li s0, PAGE
    li s3, 3
1:  csrw satp, s1
    sw s1, 0(s0)
    csrw satp, s2
    sw s2, 0(s0)
    csrw satp, zero
    sw s3, 0(s0)
    csrw satp, s1
    lw t0, 0(s0)
    CHECK(t0, s1)
    csrw satp, s2
    lw t0, 0(s0)
    CHECK(t0, s2)
    csrw satp, zero
    lw t0, 0(s0)
    CHECK(t0, s3)
    addi s3, s3, -1
    bnez s3, 1b
    j pass
