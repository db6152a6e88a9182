/* SPDX-License-Identifier: GPL-2.0-or-later */
/* csrrw.c - wrong: the mapping is nobody's concern. */
#include "isa/csr.h"
#include "vmm/parts.h"

bool part_csrrw(struct hart *hart, const struct insn *insn)
{
    enum csr_id csr = (enum csr_id)insn->csr;
    struct hart after = *hart;

    if (csr_read_only(csr_desc(csr)->number))
        return false;
    csr_write(&after, csr, hart->x[insn->rs1]);
    if (insn->rd)
        after.x[insn->rd] = csr_read(hart, csr);
    if (hart_interrupt(&after))
        return false;
    *hart = after;
    return true;
}
