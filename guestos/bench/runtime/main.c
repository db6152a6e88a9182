/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * main.c - from the boot code to the benchmark: memory, the device page, and no more low half.
 */
#include "kernel.h"

#define UART_PA 0x10000000u

uint32_t phys_base; /* for memlayout.h */

static void map_devices(void)
{
    const uint32_t flags = PTE_V | PTE_R | PTE_W | PTE_A | PTE_D | PTE_G;
    pte_t *table = page_alloc();

    table[0] = UART_PA >> PAGE_SHIFT << PTE_PPN_SHIFT | flags;
    kernel_root[DEVICE_VA >> SUPERPAGE_SHIFT] =
        virt_to_phys(table) >> PAGE_SHIFT << PTE_PPN_SHIFT | PTE_V;
}

void kernel_main(uint32_t base)
{
    phys_base = base;
    kernel_root[base >> SUPERPAGE_SHIFT] = 0;
    sfence_vma_all();
    sbi_init();
    memory_init();
    map_devices();
    bench_start(bench_count);
    sbi_shutdown(false);
}
