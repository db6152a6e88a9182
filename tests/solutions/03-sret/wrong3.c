/* SPDX-License-Identifier: GPL-2.0-or-later */
/* wrong3.c - exercise 03: SPP stays as it was. */
#include "isa/csr.h"
#include "vmm/parts.h"

bool part_sret(struct hart *hart, const struct insn *insn, struct trap *trap)
{
    uint32_t status = hart->sstatus;

    if (hart->mode == HART_USER) {
        *trap = (struct trap){.cause = CAUSE_ILLEGAL_INSN, .tval = insn->raw};
        return false;
    }
    hart->mode = status & SSTATUS_SPP ? HART_SUPERVISOR : HART_USER;
    hart->sstatus = (status & ~SSTATUS_SIE) | SSTATUS_SPIE;
    if (status & SSTATUS_SPIE)
        hart->sstatus |= SSTATUS_SIE;
    hart->pc = hart->sepc;
    hart->reservation.valid = false;
    return true;
}
