/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * satp.c - from one address space to another and back, each with an ASID; one write is one
 * operation.
 */
#include "nano.h"

static uint32_t spaces[2];

void nano_setup(void)
{
    for (uint32_t i = 0; i < 2; i++)
        spaces[i] = SATP_SV32 | (i + 1) << 22 | virt_to_phys(space_new()) >> PAGE_SHIFT;
}

uint32_t nano_base(uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        asm volatile("" : : "r"(spaces[i & 1]) : "memory");
    return 0;
}

uint32_t nano_run(uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        csr_write(satp, spaces[i & 1]);
    return 1;
}
