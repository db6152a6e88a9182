/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * holes - physical addresses with nothing behind them: with translation off, by entries that
 * name them (34 bits of address), by page tables that would be there, or in a device, or across
 * the end of RAM. All are access faults; none reaches the machine's own memory.
 */
#include "guest.inc"
#define PAGE 0x40000000
#define SPARE 0x50000000

    .macro ATTEMPTS address
    TRY lw a0, (\address)
    MIX s9
    MIX s10
    TRY sb a0, (\address)
    MIX s9
    MIX s10
    TRY amoadd.w a0, a0, (\address)
    MIX s9
    MIX s10
    TRY lr.w a0, (\address)
    MIX s10
    TRY jalr \address
    MIX s9
    MIX s10
    .endm

main:
    .irp hole, RAM_SIZE, 0x0ffffffc, 0x10000100, 0x10009000, 0x0bfffffc, 0x0c600000, 0x80000000, 0xfffffffc
    li s0, \hole
    TRAPS(LOAD_ACCESS, lw a0, (s0))
    CHECK(s9, s0)
    TRAPS(STORE_ACCESS, sw a0, (s0))
    TRAPS(STORE_ACCESS, amoor.w a0, zero, (s0))
    TRAPS(LOAD_ACCESS, lr.w a0, (s0))
    TRAPS(INSN_ACCESS, jalr s0)
    CHECK(s9, s0)
    .endr

    /* Across the end of RAM: stval is the first byte beyond. */
    li s0, RAM_SIZE - 2
    TRAPS(LOAD_ACCESS, lw a0, (s0))
    TVAL(RAM_SIZE)
    TRAPS(STORE_ACCESS, sw s0, (s0))
    li t0, INSN_NOP
    sh t0, 0(s0)
    TRAPS(INSN_ACCESS, jalr s0)
    TVAL(RAM_SIZE)

    /* Page numbers of 22 bits. */
    call new_space
    MAP PAGE, DATA, RWX
    mv s0, a0
    MAP SPARE, DATA, RWX
    call paging_on
    li s1, PAGE
    .irp number, 0x800, 0x10009, 0x40000, 0x80000, 0xfffff, 0x100000, 0x200000, 0x3fffff, 0x300200
    li t0, (\number << 10) | RWX
    sw t0, 0(s0)
    sfence.vma
    ATTEMPTS s1
    IS(s10, INSN_ACCESS)
    lw t0, 0(s0)
    MIX t0
    li t0, (\number << 10) | V | R | W | X
    sw t0, 0(s0)
    sfence.vma
    TRAPS(LOAD_ACCESS, lw a0, (s1))
    lw t0, 0(s0)
    MIX t0
    .endr

    /* Tables that are no memory. */
    lw s2, root
    li t1, 4 * 256
    add s2, s2, t1
    .irp number, 0x800, 0x10000, 0x100000, 0x3fffff
    li t0, (\number << 10) | V
    sw t0, 0(s2)
    sfence.vma
    ATTEMPTS s1
    IS(s10, INSN_ACCESS)
    .endr

    /* Reserved encodings are page faults. */
    .irp flags, W, W | X, V | W, V | W | X, V | W | U | A | D, 0, R | W | X
    li t0, PTE(DATA, \flags)
    sw t0, 0(s2)
    sfence.vma
    ATTEMPTS s1
    IS(s10, INSN_PAGE)
    .endr
    j pass
