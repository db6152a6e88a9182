/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * boot.S - from the firmware to C. Runs first at its physical address with translation off
 * (section 4.1.11: satp = 0), builds a rough page table, and jumps to the high half. In: a0 =
 * hart id, a1 = physical address of the device tree. vm.c replaces the rough table; the other
 * harts begin with it too, at boot_other, when smp.c has the firmware start them.
 *
 * The only code that is not at the address it was linked for: until the jump, every address is
 * made from pc (lla), which gives the physical one.
 */
#include "cpu.h"
#include "memlayout.h"

#define BOOT_FLAGS (PTE_V | PTE_R | PTE_W | PTE_X | PTE_A | PTE_D)
#define BOOT_STACK_SIZE PAGE_SIZE

    .section .text.boot, "ax"
    .global boot_start, boot_other
boot_start:
    mv    s0, a0
    mv    s1, a1
    lla   s2, boot_start            # the physical base, whatever it is

    lla   t0, bss_start             # C expects zeroed statics
    lla   t1, bss_end
1:  sw    zero, 0(t0)
    addi  t0, t0, 4
    bltu  t0, t1, 1b

    lla   s3, boot_root
    srli  t0, s2, PAGE_SHIFT - PTE_PPN_SHIFT
    ori   t0, t0, BOOT_FLAGS        # t0: the entry for the 4 MiB at the physical base

    # The same 4 MiB at their own address: the next instruction after satp is fetched there.
    srli  t1, s2, SUPERPAGE_SHIFT
    slli  t1, t1, 2
    add   t1, s3, t1
    sw    t0, 0(t1)

    # Everything from the physical base up, at KERNEL_BASE.
    li    t1, (KERNEL_BASE >> SUPERPAGE_SHIFT) * 4
    add   t1, s3, t1
    li    t2, MAX_SUPERPAGES
    li    t3, SUPERPAGE_SIZE >> (PAGE_SHIFT - PTE_PPN_SHIFT)
2:  sw    t0, 0(t1)
    add   t0, t0, t3
    addi  t1, t1, 4
    addi  t2, t2, -1
    bnez  t2, 2b
    lui   s4, %hi(first)
    addi  s4, s4, %lo(first)

    # Translate by the table at s3, and go on at s4, a linked address.
translate:
    srli  t0, s3, PAGE_SHIFT
    li    t1, SATP_SV32
    or    t0, t0, t1
    sfence.vma                      # the stores above come before any walk
    csrw  satp, t0
    sfence.vma
    lui   t0, %hi(trap_entry)       # an absolute address: the linked, high one
    addi  t0, t0, %lo(trap_entry)
    csrw  stvec, t0
    csrw  sscratch, zero            # zero: we are in the kernel (trapentry.S)
    jr    s4

    # Another hart; a1 = its struct cpu, where it finds its stack.
boot_other:
    mv    tp, a1
    lla   s3, boot_root
    lui   s4, %hi(other)
    addi  s4, s4, %lo(other)
    j     translate

other:
    lw    sp, CPU_STACK_TOP(tp)
    call  smp_main                  # does not return

first:
    lui   sp, %hi(boot_stack_top)
    addi  sp, sp, %lo(boot_stack_top)
    lui   tp, %hi(cpus)
    addi  tp, tp, %lo(cpus)
    mv    a0, s0
    mv    a1, s1
    mv    a2, s2
    call  kernel_main
1:  j     1b                        # kernel_main does not return

    .section .bss
    .balign PAGE_SIZE
boot_root:
    .space PAGE_SIZE
    .space BOOT_STACK_SIZE
boot_stack_top:
