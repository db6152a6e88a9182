/* SPDX-License-Identifier: GPL-2.0-or-later */
/* swap.c - a translator's csrrw with one mistake: in the order of reading and writing. */
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
    after.x[insn->rd] = csr_read(hart, csr);
    after.x[0] = 0;
    csr_write(&after, csr, after.x[insn->rs1]);
    if (hart_interrupt(&after) || !maps_alike(hart, &after))
        return false;
    *hart = after;
    return true;
}
