/* SPDX-License-Identifier: GPL-2.0-or-later */
/* wrong1.c - exercise 04: MXR was forgotten. */
#include "isa/csr.h"
#include "vmm/parts.h"

#define FIELDS (SSTATUS_SIE | SSTATUS_SPIE | SSTATUS_SPP | SSTATUS_SUM)

uint32_t part_sstatus_read(const struct hart *hart)
{
    return hart->sstatus;
}

void part_sstatus_write(struct hart *hart, uint32_t value)
{
    hart->sstatus = value & FIELDS;
}
