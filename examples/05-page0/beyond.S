/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * beyond - Sv32 has physical addresses of 34 bits. A page table can name pages at 4 GiB and
 * above; a monitor that truncates to 32 bits finds page 0 there, or what follows one of its own
 * tables.
 */
#include "guest.inc"
#define PAGE 0x40000000

main:
    /*
     * Words that would be visible through such a hole, and machine addresses, in case they are
     * used as table entries.
     */
    li t0, 0x00100000
    sw t0, 0(zero)
    li t1, DATA
    sw t0, 0(t1)
    call new_space
    MAP PAGE, DATA, RWX
    mv s0, a0
    call paging_on
    li s1, PAGE
    .irp number, 0x100000, 0x100200, 0x1fffff, 0x200000, 0x300200, 0x3fffff
    li t0, (\number << 10) | RWX
    sw t0, 0(s0)
    sfence.vma
    TRAPS(LOAD_ACCESS, lw t0, 0(s1))
    TRAPS(STORE_ACCESS, sw zero, 0(s1))
    TRAPS(INSN_ACCESS, jalr s1)
    .endr
    csrw satp, zero
    lw t0, 0(zero)
    IS(t0, 0x00100000)
    li t1, DATA
    lw t0, 0(t1)
    IS(t0, 0x00100000)
    j pass
