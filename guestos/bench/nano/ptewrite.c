/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ptewrite.c - a store to an entry of a page table that is in use.
 */
#include "nano.h"

#define WHERE 0x40000000u

static volatile pte_t *entry;

void nano_setup(void)
{
    pte_t *table = page_alloc();

    /* The table is in use: another of its pages is read through it. */
    kernel_root[WHERE >> SUPERPAGE_SHIFT] =
        virt_to_phys(table) >> PAGE_SHIFT << PTE_PPN_SHIFT | PTE_V;
    (void)space_map(kernel_root, WHERE, page_alloc(), PTE_V | PTE_R | PTE_A | PTE_D);
    sfence_vma_all();
    (void)*(volatile uint32_t *)WHERE;
    entry = &table[1];
}

uint32_t nano_base(uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        asm volatile("" : : : "memory");
    return 0;
}

/* The entry stays invalid: its software bits change. */
uint32_t nano_run(uint32_t count)
{
    volatile pte_t *at = entry;

    for (uint32_t i = 0; i < count; i++)
        *at = (i & 3) << 8;
    (void)*(volatile uint32_t *)WHERE;
    return 4;
}
