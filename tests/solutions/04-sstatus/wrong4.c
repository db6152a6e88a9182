/* SPDX-License-Identifier: GPL-2.0-or-later */
/* wrong4.c - exercise 04: whatever is written stays, in bits that the machine does not have too. */
#include "isa/csr.h"
#include "vmm/parts.h"

uint32_t part_sstatus_read(const struct hart *hart)
{
    return hart->sstatus;
}

void part_sstatus_write(struct hart *hart, uint32_t value)
{
    hart->sstatus = value;
}
