/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * all4g - the whole address space is the guest's: the last page, the first, the UART's address
 * as memory, accesses and fetches that wrap from the last byte to the first. A monitor that
 * keeps something of its own mapped has no room here. The code runs at 2 GiB meanwhile.
 */
#include "guest.inc"
#define HIGH 0x80000000
#define LAST 0xfffff000

main:
    call new_table
    la t0, root
    sw a0, 0(t0)
    li a0, HIGH
    li a1, PTE(0, RWX)
    call map_super
    li a0, 0
    li a1, PTE(0, RWX)
    call map_super
    call paging_on
    la t0, 1f
    li t1, HIGH
    add t0, t0, t1
    add sp, sp, t1
    jr t0
1:  la t0, trap_catch
    csrw stvec, t0

    /* Now page 0 becomes another one. All table pages are still there at HIGH. */
    li s0, HIGH
    lw t0, root
    add s1, s0, t0
    add t1, s0, t0
    sw zero, 0(t1)
    sfence.vma
    li t0, 0
    li a1, PTE(DATA, RWX)
    call high_map
    li t0, LAST
    li a1, PTE(DATA + 0x1000, RWX)
    call high_map
    li t0, UART
    li a1, PTE(DATA + 0x2000, RWX)
    call high_map
    li t0, 0x7ffff000
    li a1, PTE(DATA + 0x3000, RWX)
    call high_map
    sfence.vma

    sw s0, 0(zero)
    lw t0, 0(zero)
    CHECK(t0, s0)
    sw s1, -4(zero)
    lw t0, -4(zero)
    CHECK(t0, s1)
    li t1, UART
    sw s1, 0(t1)
    sb s1, 3(t1)
    lw t0, 0(t1)
    MIX t0
    li t1, 0x7ffffffc
    sw t1, 0(t1)

    /* Wrapping loads and stores. */
    li t0, 0x44332211
    sw t0, -2(zero)
    lw t1, -2(zero)
    CHECK(t0, t1)
    lhu t1, -1(zero)
    IS(t1, 0x3322)
    lhu t1, 0(zero)
    IS(t1, 0x4433)
    sh t0, -1(zero)
    lbu t1, 0(zero)
    IS(t1, 0x22)
    lw t1, -3(zero)
    MIX t1

    /* Code that runs over the end, and an instruction across it. */
    li t0, INSN_LI_A0(7)
    sw t0, -4(zero)
    li t0, INSN_RET
    sw t0, 0(zero)
    fence.i
    li t0, -4
    QUIET(jalr t0)
    IS(a0, 7)
    li t0, INSN_LI_A0(9)
    sh t0, -2(zero)
    srli t0, t0, 16
    sh t0, 0(zero)
    li t0, INSN_RET
    sh t0, 2(zero)
    srli t0, t0, 16
    sh t0, 4(zero)
    fence.i
    li t0, -2
    QUIET(jalr t0)
    IS(a0, 9)

    /* From the first page to the last by a jump backwards, in user mode. */
    li t0, SSTATUS_SUM
    csrs sstatus, t0
    li t0, 0
    li a1, PTE(DATA, RWX | U)
    call high_map
    li t0, LAST
    li a1, PTE(DATA + 0x1000, RWX | U)
    call high_map
    sfence.vma
    li t0, INSN_ECALL
    sw t0, -8(zero)
    li t0, 0xff9ff06f /* j -8 */
    sw t0, 0(zero)
    fence.i
    USER zero
    IS(s10, ECALL_U)
    IS(s7, -8)

    /* Without the first page, the wrap faults there. */
    lui t0, 0
    li a1, 0
    call high_map
    sfence.vma
    TRAPS(LOAD_PAGE, lw t0, -2(zero))
    TVAL(0)
    TRAPS(STORE_PAGE, sw t0, -1(zero))
    TVAL(0)
    li t0, LAST
    li a1, 0
    call high_map
    sfence.vma
    TRAPS(LOAD_PAGE, lw t0, -2(zero))
    TVAL(-2)
    TRAPS(INSN_PAGE, jalr zero)
    j pass

    /* The entry a1 for the page at t0; tables are reached at HIGH. */
high_map:
    srli t1, t0, 22
    slli t1, t1, 2
    add t1, t1, s1
    lw t2, 0(t1)
    bnez t2, 2f
    lw t2, next_table
    lui t3, 1
    add t3, t3, t2
    la t4, next_table
    sw t3, 0(t4)
    srli t2, t2, 2
    ori t2, t2, V
    sw t2, 0(t1)
2:  srli t2, t2, 10
    slli t2, t2, 12
    add t2, t2, s0
    slli t0, t0, 10
    srli t0, t0, 22
    slli t0, t0, 2
    add t2, t2, t0
    sw a1, 0(t2)
    ret
