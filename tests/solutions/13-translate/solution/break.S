/* SPDX-License-Identifier: GPL-2.0-or-later */
/* break.S - the reference solution: what each of the three wrong translations shows. */
#include "guest.inc"
#define PAGE 0x40000000

main:
    /* Swap: rd is rs1. */
    li t0, 0x1974
    csrw sscratch, t0
    li a0, 0x2006
    csrrw a0, sscratch, a0
    call print_hex
    csrr a0, sscratch
    call print_hex

    /* Late: it should come before `li s0, 1`. */
    li t0, SSIP
    li t1, SSTATUS_SIE
    csrw sip, t0
    csrw sie, t0
    la t2, taken
    csrrw s2, stvec, t2
    li s0, 0
    li s1, -1
    csrrw zero, sstatus, t1
    li s0, 1
    csrci sip, SSIP
    csrw sstatus, zero
    csrw stvec, s2
    mv a0, s1
    call print_hex

    /* Mapping: a page that only SUM opens, used once, and SUM cleared. */
    call new_space
    MAP PAGE, DATA, RW | U
    call paging_on
    li s1, PAGE
    li t0, SSTATUS_SUM
    csrw sstatus, t0
    TRY lw t1, 0(s1)
    csrw sstatus, zero
    TRY lw t1, 0(s1)
    mv a0, s10
    call print_hex
    j pass

    .balign 4
taken:
    mv s1, s0
    csrci sip, SSIP
    sret
