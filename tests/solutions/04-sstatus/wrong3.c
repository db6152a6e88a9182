/* SPDX-License-Identifier: GPL-2.0-or-later */
/* wrong3.c - exercise 04: a register of its own, which nobody else looks at. */
#include "isa/csr.h"
#include "vmm/parts.h"

#define FIELDS (SSTATUS_SIE | SSTATUS_SPIE | SSTATUS_SPP | SSTATUS_SUM | SSTATUS_MXR)

static uint32_t own;

uint32_t part_sstatus_read(const struct hart *hart)
{
    (void)hart;
    return own;
}

void part_sstatus_write(struct hart *hart, uint32_t value)
{
    (void)hart;
    own = value & FIELDS;
}
