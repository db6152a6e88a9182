/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fill.c - the first touch of a page after a fence: a TLB miss, or a shadow entry made.
 */
#include "nano.h"

#define WHERE 0x40000000u

enum { PAGES = 256 };

void nano_setup(void)
{
    for (uint32_t i = 0; i < PAGES; i++)
        (void)space_map(kernel_root, WHERE + i * PAGE_SIZE, page_alloc(),
                        PTE_V | PTE_R | PTE_W | PTE_A | PTE_D);
}

/* The kernel's own pages are lost as well: both loops pay for them. */
static void fence(void)
{
    sfence_vma_all();
}

uint32_t nano_base(uint32_t count)
{
    for (uint32_t i = 0; i < count; i += PAGES)
        fence();
    return 0;
}

uint32_t nano_run(uint32_t count)
{
    uint32_t sum = 0;

    for (uint32_t i = 0; i < count; i += PAGES) {
        fence();
        for (uint32_t k = 0; k < PAGES; k++)
            sum += *(volatile uint32_t *)(WHERE + k * PAGE_SIZE);
    }
    return sum;
}
