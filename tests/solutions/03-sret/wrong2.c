/* SPDX-License-Identifier: GPL-2.0-or-later */
/* wrong2.c - exercise 03: the interrupt enable does not come back. */
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
    hart->sstatus = status & ~SSTATUS_SPP;
    hart->pc = hart->sepc;
    hart->reservation.valid = false;
    return true;
}
