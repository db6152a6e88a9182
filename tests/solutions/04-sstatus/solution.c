/* SPDX-License-Identifier: GPL-2.0-or-later */
/* solution.c - exercise 04: what the register cannot hold is dropped when it is written. */
#include "isa/csr.h"
#include "vmm/parts.h"

#define FIELDS (SSTATUS_SIE | SSTATUS_SPIE | SSTATUS_SPP | SSTATUS_SUM | SSTATUS_MXR)

uint32_t part_sstatus_read(const struct hart *hart)
{
    return hart->sstatus;
}

void part_sstatus_write(struct hart *hart, uint32_t value)
{
    hart->sstatus = value & FIELDS;
}
