/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * csr.c - a CSR access: sscratch written and read, of which each half is one operation.
 */
#include "nano.h"

void nano_setup(void)
{
}

uint32_t nano_base(uint32_t count)
{
    uint32_t sum = 0;

    for (uint32_t i = 0; i < count; i += 2) {
        sum += i;
        asm volatile("" : "+r"(sum));
    }
    return 0;
}

uint32_t nano_run(uint32_t count)
{
    uint32_t sum = 0;

    for (uint32_t i = 0; i < count; i += 2) {
        csr_write(sscratch, i);
        sum += csr_read(sscratch);
    }
    return sum & 0;
}
