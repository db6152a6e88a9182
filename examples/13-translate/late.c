/* SPDX-License-Identifier: GPL-2.0-or-later */
/* late.c - a translator's csrrw with one mistake: it never lets the monitor look at interrupts. */
#include "isa/csr.h"
#include "vmm/parts.h"

static bool maps_alike(const struct hart *a, const struct hart *b)
{
    return a->satp == b->satp && !((a->sstatus ^ b->sstatus) & (SSTATUS_SUM | SSTATUS_MXR));
}

bool part_csrrw(struct hart *hart, const struct insn *insn)
{
    enum csr_id csr = (enum csr_id)insn->csr;
    uint32_t bits = hart->x[insn->rs1];
    struct hart after = *hart;

    if (csr_read_only(csr_desc(csr)->number))
        return false;
    after.x[insn->rd] = csr_read(hart, csr);
    after.x[0] = 0;
    csr_write(&after, csr, bits);
    if (!maps_alike(hart, &after))
        return false;
    *hart = after;
    return true;
}
