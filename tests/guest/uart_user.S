/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * uart_user - the UART mapped for user mode, at an address of the kernel's choice: the user may
 * use it as far as the entry allows; without the entry, or with one for the kernel, not at all.
 */
#include "guest.inc"
#define DEVICE 0x40000000
#define CODE 0x50000000

main:
    call new_space
    la t0, user
    srli a1, t0, 2
    ori a1, a1, RX | U
    li a0, CODE
    call map_pte
    MAP DEVICE, UART, (V | R | W | U)
    mv s0, a0
    call paging_on
    li s1, DEVICE
    li s2, CODE
    li s3, 12
again:
    li t0, PTE(UART, V | R | W | U)
    sw t0, 0(s0)
    sfence.vma s1, zero
    USER s2
    IS(s10, ECALL_U)
    lw t0, 0(s0)
    IS(t0, PTE(UART, RW | U))
    TRAPS(LOAD_PAGE, lbu t0, 5(s1))

    /* Read-only: A, but no D. */
    li t0, PTE(UART, V | R | U)
    sw t0, 0(s0)
    sfence.vma s1, zero
    USER s2
    IS(s10, STORE_PAGE)
    TVAL(DEVICE)
    lw t0, 0(s0)
    MIX t0

    li t0, PTE(UART, V | R | W | X)
    sw t0, 0(s0)
    sfence.vma s1, zero
    USER s2
    IS(s10, STORE_PAGE)
    li t0, '+'
    QUIET(sb t0, 0(s1))
    TRAPS(INSN_ACCESS, jalr s1)
    TRAPS(LOAD_ACCESS, lw t0, 8(s1))

    /* The address becomes memory, and a device again. */
    li t0, PTE(DATA, RW | U)
    sw t0, 0(s0)
    sfence.vma s1, zero
    USER s2
    IS(s10, ECALL_U)
    addi s3, s3, -1
    bnez s3, again
    j pass

    .section .user, "ax"
user:
    li t0, 'u'
    sb t0, 0(s1)
    lw t0, 4(s1)
    ecall
