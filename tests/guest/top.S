/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * top - the last 4 MiB of the address space, page by page: each is stored to, read, executed,
 * and reached by accesses that begin in the page before, upwards and downwards. A monitor whose
 * CPU has to map something of its own there must make way again and again; one that would be at
 * 2 GiB instead, where RAM is on many machines, finds that in use.
 */
#include "guest.inc"
#define FIRST 0xffc00000
#define ROOT_ENTRY (1023 * 4)
#define MIDDLE 0x80000000

main:
    call new_space
    li t0, PTE(SUPER, RWX)          /* the second superpage, for what is behind DATA */
    sw t0, 4(a0)
    li t0, ROOT_ENTRY
    add t0, t0, a0
    li t1, PTE(SUPER, V)
    sw t1, 0(t0)
    li t0, SUPER                    /* all pages are one: the page behind the table */
    li t1, 1024
    li t2, PTE(SUPER + 0x1000, RWX)
1:  sw t2, 0(t0)
    addi t0, t0, 4
    addi t1, t1, -1
    bnez t1, 1b
    li t0, SUPER + 0x1000
    li t1, INSN_LI_A0(5)
    sw t1, 0x10(t0)
    li t1, INSN_RET
    sw t1, 0x14(t0)
    li a0, MIDDLE
    li a1, PTE(SUPER, RWX)
    call map_super
    call paging_on
    fence.i
    li s0, MIDDLE
    lw t0, 0(s0)
    MIX t0

    li s0, FIRST                    /* upwards */
2:  sw s0, 0x20(s0)
    lw t0, 0x20(s0)
    bne t0, s0, bad
    addi t1, s0, 0x10
    li a0, 0
    jalr t1
    MIX a0
    sw s0, -2(s0)                   /* below the first page nothing is mapped */
    lui t0, 1
    add s0, s0, t0
    bnez s0, 2b
    IS(s10, STORE_PAGE)
    TVAL(0xffbffffe)

3:  lui t0, 1                       /* downwards, two pages with each step */
    sub s0, s0, t0
    lw t0, -4(s0)
    li t1, 0x14                     /* to the RET of this page, from that of the one below */
    add t1, t1, s0
    jalr t1
    lw t2, 0x20(s0)
    MIX t2
    li t0, FIRST + 0x1000
    bne s0, t0, 3b

    li s0, FIRST                    /* upwards again, where all pages have been found by now */
4:  lw t0, 0x20(s0)
    MIX t0
    lui t0, 1
    add s0, s0, t0
    bnez s0, 4b
    j pass
bad:
    li a0, __LINE__
    j fail
