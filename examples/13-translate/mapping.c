/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mapping.c - a translator's csrrw with one mistake: the CPU keeps the shadow that it has. */
#include "isa/csr.h"
#include "vmm/parts.h"

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
    if (hart_interrupt(&after))
        return false;
    *hart = after;
    return true;
}
