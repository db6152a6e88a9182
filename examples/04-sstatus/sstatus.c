/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sstatus.c - your work: the virtual sstatus, read and written. README.md says what has to come of
 * it. This starter keeps nothing of it.
 */
#include "isa/csr.h"
#include "vmm/parts.h"

/* What the guest gets when it reads sstatus. */
uint32_t part_sstatus_read(const struct hart *hart)
{
    return hart->sstatus;
}

/* The guest writes `value`: by csrw whole, by csrs and csrc with bits of the old value. */
void part_sstatus_write(struct hart *hart, uint32_t value)
{
    (void)hart;
    (void)value;
}
