/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * illegal.c - an illegal instruction to the kernel's own handler, which steps over it.
 */
#include "nano.h"

void nano_setup(void)
{
    csr_write(stvec, skip_entry);
}

uint32_t nano_base(uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        asm volatile("" : : : "memory");
    return 0;
}

/* 0x0000000b: the opcode custom-0, which neither PZ32 nor QEMU's rv32 has. */
uint32_t nano_run(uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        asm volatile(".word 0x0000000b" : : : "t0", "memory");
    return 3;
}
