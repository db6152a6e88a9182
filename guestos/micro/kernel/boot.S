/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * boot.S - from the firmware to C. Runs first at its physical address with translation off,
 * builds a rough page table and jumps to the high half; space.c replaces the table. In: a0 =
 * hart, a1 = physical address of the device tree. One hart runs; others are never started.
 */
#include "memlayout.h"

#define BOOT_FLAGS (PTE_V | PTE_R | PTE_W | PTE_X | PTE_A | PTE_D)

    .section .text.boot, "ax"
    .global boot_start
boot_start:
    mv    s1, a1
    lla   s2, boot_start            # the physical base, whatever it is
    lla   t0, bss_start
    lla   t1, bss_end
1:  sw    zero, 0(t0)
    addi  t0, t0, 4
    bltu  t0, t1, 1b

    lla   s3, boot_root
    srli  t0, s2, PAGE_SHIFT - PTE_PPN_SHIFT
    ori   t0, t0, BOOT_FLAGS        # the entry for the 4 MiB at the physical base
    srli  t1, s2, SUPERPAGE_SHIFT   # at their own address: the next instruction is fetched there
    slli  t1, t1, 2
    add   t1, s3, t1
    sw    t0, 0(t1)
    li    t1, (KERNEL_BASE >> SUPERPAGE_SHIFT) * 4
    add   t1, s3, t1
    li    t2, MAX_SUPERPAGES - 1
    li    t3, SUPERPAGE_SIZE >> (PAGE_SHIFT - PTE_PPN_SHIFT)
2:  sw    t0, 0(t1)
    add   t0, t0, t3
    addi  t1, t1, 4
    addi  t2, t2, -1
    bnez  t2, 2b

    srli  t0, s3, PAGE_SHIFT
    li    t1, SATP_SV32
    or    t0, t0, t1
    lui   t1, %hi(high)
    addi  t1, t1, %lo(high)
    sfence.vma
    csrw  satp, t0
    sfence.vma
    jr    t1
high:
    lui   sp, %hi(kernel_stack_top)
    addi  sp, sp, %lo(kernel_stack_top)
    lui   t0, %hi(trap_entry)
    addi  t0, t0, %lo(trap_entry)
    csrw  stvec, t0
    csrw  sscratch, zero            # zero: we are in the kernel (entry.S)
    mv    a0, s1
    mv    a1, s2
    call  kernel_main               # gives the first thread
    j     thread_enter

    .section .bss
    .balign PAGE_SIZE
boot_root:
    .space PAGE_SIZE
    .space PAGE_SIZE
    .global kernel_stack_top
kernel_stack_top:                   # the only one: the kernel keeps nothing on it between traps
