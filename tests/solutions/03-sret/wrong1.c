/* SPDX-License-Identifier: GPL-2.0-or-later */
/* wrong1.c - exercise 03: anybody may return from a trap; the virtual mode is not looked at. */
#include "isa/csr.h"
#include "vmm/parts.h"

bool part_sret(struct hart *hart, const struct insn *insn, struct trap *trap)
{
    uint32_t status = hart->sstatus;

    (void)insn;
    (void)trap;

    hart->mode = status & SSTATUS_SPP ? HART_SUPERVISOR : HART_USER;
    hart->sstatus = (status & ~(SSTATUS_SPP | SSTATUS_SIE)) | SSTATUS_SPIE;
    if (status & SSTATUS_SPIE)
        hart->sstatus |= SSTATUS_SIE;
    hart->pc = hart->sepc;
    hart->reservation.valid = false;
    return true;
}
