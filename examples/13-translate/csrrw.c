/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * csrrw.c - your work: the code that stands for `csrrw rd, csr, rs1` in a translation of a guest's
 * kernel. README.md describes the task. This starter never calls the monitor.
 */
#include "isa/csr.h"
#include "vmm/parts.h"

/*
 * `hart` is the virtual CPU, in supervisor mode; `insn` is a csrrw with insn->rd, insn->rs1, and
 * the CSR in insn->csr (enum csr_id). What you can use (isa/csr.h, isa/hart.h):
 *
 *   csr_read(hart, id)        the value that a guest reads
 *   csr_write(hart, id, bits) writes what the CSR keeps of them (WARL)
 *   csr_desc(id)->number      the CSR's number
 *   csr_read_only(number)     may it only be read? A csrrw of it is an illegal instruction
 *   hart_interrupt(hart)      is an interrupt to be taken now? 0: none
 *
 * True: it is done. The caller moves pc and counts the instruction, and the translation runs on.
 * False: `hart` is as it was, and the monitor is called, as by a trap: it emulates the instruction.
 */
bool part_csrrw(struct hart *hart, const struct insn *insn)
{
    hart->x[insn->rd] = csr_read(hart, (enum csr_id)insn->csr);
    csr_write(hart, (enum csr_id)insn->csr, hart->x[insn->rs1]);
    return true;
}
