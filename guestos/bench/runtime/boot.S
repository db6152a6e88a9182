/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * boot.S: from the firmware to C, at the physical address with translation off; sets up a page
 * table with one superpage for the kernel, high, and one for these instructions, low, which
 * kernel_main removes. The parameters follow the first instruction: `pz bench` finds them in
 * the ELF file and changes the count.
 */
#include "riscv.h"

#define KERNEL_BASE 0xc0000000
#define BOOT_FLAGS (PTE_V | PTE_R | PTE_W | PTE_X | PTE_A | PTE_D)
#define BOOT_STACK_SIZE 8192

    .section .text.boot, "ax"
    .global boot_start
boot_start:
    j     1f
    .word 0x4e425a50                # "PZBN"
    .global bench_count
bench_count:
    .word BENCH_COUNT

1:  lla   s2, boot_start            # the physical base, whatever it is
    lla   t0, bss_start             # C expects zeroed statics
    lla   t1, bss_end
2:  sw    zero, 0(t0)
    addi  t0, t0, 4
    bltu  t0, t1, 2b

    lla   s3, kernel_root
    srli  t0, s2, PAGE_SHIFT - PTE_PPN_SHIFT
    ori   t0, t0, BOOT_FLAGS
    srli  t1, s2, SUPERPAGE_SHIFT
    slli  t1, t1, 2
    add   t1, s3, t1
    sw    t0, 0(t1)
    li    t1, (KERNEL_BASE >> SUPERPAGE_SHIFT) * 4
    add   t1, s3, t1
    sw    t0, 0(t1)

    srli  t0, s3, PAGE_SHIFT
    li    t1, SATP_SV32
    or    t0, t0, t1
    sfence.vma                      # the stores above come before any walk
    csrw  satp, t0
    sfence.vma
    lui   t0, %hi(high)
    addi  t0, t0, %lo(high)
    jr    t0

high:
    lui   sp, %hi(kernel_stack_top)
    addi  sp, sp, %lo(kernel_stack_top)
    lui   t0, %hi(trap_entry)
    addi  t0, t0, %lo(trap_entry)
    csrw  stvec, t0
    lui   t0, %hi(boot_frame)       # a trap now is an error: it must not make things worse
    addi  t0, t0, %lo(boot_frame)
    csrw  sscratch, t0
    mv    a0, s2
    call  kernel_main
3:  j     3b                        # kernel_main does not return

    .section .bss
    .balign PAGE_SIZE
    .global kernel_root
kernel_root:
    .space PAGE_SIZE
    .space BOOT_STACK_SIZE
    .global kernel_stack_top
kernel_stack_top:
boot_frame:
    .space 256
