/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * memlayout.h - the virtual memory map, the same in every address space, and the way between a
 * physical address and the kernel's address for the same byte. Drawn in mini/README.md.
 */
#ifndef MINI_MEMLAYOUT_H
#define MINI_MEMLAYOUT_H

#include "riscv.h"

#define KERNEL_BASE 0xc0000000  /* all of RAM from the kernel image up is mapped from here */
#define DEVICES_BASE 0xff800000 /* registers of devices, page by page, if RAM ends below */
#define MAX_SUPERPAGES 255 /* of the 256 above: the last stays empty, so no address wraps */

#ifndef __ASSEMBLER__

#define USER_TOP KERNEL_BASE
#define USER_STACK_SIZE (64u * 1024)
#define USER_STACK_BASE (USER_TOP - USER_STACK_SIZE)
#define USER_HEAP_LIMIT (USER_STACK_BASE - PAGE_SIZE) /* an unmapped page guards the stack */

/* The physical address of the kernel image: 0, or where a computer's RAM lets us be. */
extern uint32_t phys_base;

static inline void *phys_to_virt(uint32_t pa)
{
    return (void *)(pa - phys_base + KERNEL_BASE);
}

static inline uint32_t virt_to_phys(const void *va)
{
    return (uint32_t)va - KERNEL_BASE + phys_base;
}

static inline uint32_t page_round_up(uint32_t n)
{
    return (n + PAGE_SIZE - 1) & ~(uint32_t)(PAGE_SIZE - 1);
}

static inline uint32_t page_round_down(uint32_t n)
{
    return n & ~(uint32_t)(PAGE_SIZE - 1);
}

/* Set by the linker script, all on page boundaries. */
extern char text_end[], rodata_end[], image_end[];

#endif
#endif
