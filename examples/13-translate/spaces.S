/* SPDX-License-Identifier: GPL-2.0-or-later */
/* spaces - satp is another: the next load is of the other space. */
#include "guest.inc"
#define PAGE 0x40000000

    .macro SATP reg
    lw \reg, root
    srli \reg, \reg, 12
    li t1, 0x80000000
    or \reg, \reg, t1
    .endm

main:
    li t0, DATA
    li t1, 1
    sw t1, 0(t0)
    lui t2, 1
    add t0, t0, t2
    li t1, 2
    sw t1, 0(t0)
    call new_space
    MAP PAGE, DATA, RW
    SATP s1
    call new_space
    MAP PAGE, DATA + 0x1000, RW
    SATP s2
    li s0, PAGE
    li s3, 4
    csrw satp, s1
    sfence.vma
2:  lw t0, 0(s0)
    IS(t0, 1)
    csrrw t3, satp, s2
    lw t0, 0(s0)
    IS(t0, 2)
    CHECK(t3, s1)
    csrrw t3, satp, s1
    lw t0, 0(s0)
    IS(t0, 1)
    CHECK(t3, s2)
    addi s3, s3, -1
    bnez s3, 2b
    csrw satp, zero
    TRAPS(LOAD_ACCESS, lw t0, 0(s0))
    j pass
