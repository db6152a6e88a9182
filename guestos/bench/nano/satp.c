/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * satp.c - from one address space to another and back, each with an ASID; one write is one operation.
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
    uint32_t sum = 0;

    for (uint32_t i = 0; i < count; i++) {
        sum ^= spaces[i & 1];
        asm volatile("" : "+r"(sum) : : "memory");
    }
    return sum & 0;
}

uint32_t nano_run(uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        csr_write(satp, spaces[i & 1]);
    return 1;
}
