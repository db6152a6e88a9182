/* SPDX-License-Identifier: GPL-2.0-or-later */
/* csrrw.c - wrong: like a trap of the guest, it ends the reservation of LR.W. */
#include "isa/csr.h"
#include "vmm/parts.h"

static bool maps_alike(const struct hart *a, const struct hart *b)
{
    return a->satp == b->satp && !((a->sstatus ^ b->sstatus) & (SSTATUS_SUM | SSTATUS_MXR));
}

bool part_csrrw(struct hart *hart, const struct insn *insn)
{
    enum csr_id csr = (enum csr_id)insn->csr;
    struct hart after = *hart;

    if (csr_read_only(csr_desc(csr)->number))
        return false;
    csr_write(&after, csr, hart->x[insn->rs1]);
    if (insn->rd)
        after.x[insn->rd] = csr_read(hart, csr);
    after.reservation.valid = false;
    if (hart_interrupt(&after) || !maps_alike(hart, &after))
        return false;
    *hart = after;
    return true;
}
