/* SPDX-License-Identifier: GPL-2.0-or-later */
/* csrrw.c - wrong: it translates what no one else could ever see, and leaves the rest. */
#include "isa/csr.h"
#include "vmm/parts.h"

bool part_csrrw(struct hart *hart, const struct insn *insn)
{
    enum csr_id csr = (enum csr_id)insn->csr;
    uint32_t bits = hart->x[insn->rs1];

    if (csr_read_only(csr_desc(csr)->number) || csr_decides(csr))
        return false;
    if (insn->rd)
        hart->x[insn->rd] = csr_read(hart, csr);
    csr_write(hart, csr, bits);
    return true;
}
