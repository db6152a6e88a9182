/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sstatus.c - your work: the virtual sstatus, read and written. README.md describes the task.
 * This starter ignores all writes.
 */
#include "isa/csr.h"
#include "vmm/parts.h"

/* What the guest gets when it reads sstatus. */
uint32_t part_sstatus_read(const struct hart *hart)
{
    return hart->sstatus;
}

/* The guest writes `value`. For csrs and csrc it already includes the old bits. */
void part_sstatus_write(struct hart *hart, uint32_t value)
{
    (void)hart;
    (void)value;
}
