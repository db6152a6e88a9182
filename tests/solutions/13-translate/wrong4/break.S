/* SPDX-License-Identifier: GPL-2.0-or-later */
/* break.S - wrong: a right that is given, and not one that is taken away; and no interrupt. */
#include "guest.inc"
#define PAGE 0x40000000

main:
    li t0, 0x1974
    csrw sscratch, t0
    li a0, 0x2006
    csrrw a0, sscratch, a0
    call print_hex
    csrr a0, sscratch
    call print_hex
    call new_space
    MAP PAGE, DATA, RW | U
    call paging_on
    li s1, PAGE
    TRY lw t1, 0(s1)
    mv a0, s10
    call print_hex
    li t0, SSTATUS_SUM
    csrw sstatus, t0
    TRY lw t1, 0(s1)
    mv a0, s10
    call print_hex
    j pass
