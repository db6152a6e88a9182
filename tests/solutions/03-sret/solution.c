/* SPDX-License-Identifier: GPL-2.0-or-later */
/* solution.c - exercise 03: SRET on the virtual CPU, as Privileged ISA 3.3.2 has it. */
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
    hart->sstatus = (status & ~(SSTATUS_SPP | SSTATUS_SIE)) | SSTATUS_SPIE;
    if (status & SSTATUS_SPIE)
        hart->sstatus |= SSTATUS_SIE;
    hart->pc = hart->sepc;
    hart->reservation.valid = false;
    return true;
}
