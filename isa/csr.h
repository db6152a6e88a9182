/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * csr.h - control and status registers: their numbers and fields, who may access them, and which
 * values they can hold. The instructions that access them are in exec_system.c.
 */
#ifndef PZ_ISA_CSR_H
#define PZ_ISA_CSR_H

#include "isa/hart.h"
#include "isa/insn.h"

enum csr_id {
#define CSR(id, number, privilege, sensitivity) CSR_##id,
#include "isa/csrs.def"
#undef CSR
    CSR_COUNT,
    CSR_NONE = CSR_COUNT,
};

/* sstatus (Privileged ISA 4.1.1); every other bit reads as zero. */
#define SSTATUS_SIE (1u << 1)
#define SSTATUS_SPIE (1u << 5)
#define SSTATUS_SPP (1u << 8)
#define SSTATUS_SUM (1u << 18)
#define SSTATUS_MXR (1u << 19)
#define SSTATUS_MASK (SSTATUS_SIE | SSTATUS_SPIE | SSTATUS_SPP | SSTATUS_SUM | SSTATUS_MXR)

/* stvec (4.1.2): MODE 0 direct, 1 vectored; 2 and 3 are reserved. */
#define STVEC_MODE 3u
#define STVEC_VECTORED 1u

/*
 * satp (4.1.11):
 *    31   30       22 21                   0
 *   +----+-----------+----------------------+
 *   |MODE|   ASID    |         PPN          |
 *   +----+-----------+----------------------+
 */
#define SATP_SV32 (1u << 31)
#define SATP_ASID_SHIFT 22
#define SATP_ASID_MASK 0x1ffu
#define SATP_PPN 0x003fffffu
#define SATP_ASID(satp) (((satp) >> SATP_ASID_SHIFT) & SATP_ASID_MASK)

#define CSR_NUMBERS 4096u /* numbers have 12 bits */

struct csr_desc {
    const char *name;
    uint16_t number;
    uint8_t privilege;   /* enum insn_privilege */
    uint8_t sensitivity; /* enum insn_sensitivity, claimed */
};

/* The row of a CSR. `id` < CSR_COUNT. */
const struct csr_desc *csr_desc(enum csr_id id);

/* The CSR of a 12-bit number, or CSR_NONE. */
enum csr_id csr_find(uint32_t number);

/* Does the number name a read-only CSR? (Privileged ISA 2.1: bits 11..10 are 3.) */
bool csr_read_only(uint32_t number);

/* Do mapping or interrupts depend on the CSR? Of the others, the hart only keeps the value. */
static inline bool csr_decides(enum csr_id id)
{
    const uint32_t ids = 1u << CSR_sstatus | 1u << CSR_sie | 1u << CSR_sip | 1u << CSR_satp;

    return ids >> id & 1;
}

uint32_t csr_read(const struct hart *hart, enum csr_id id);

/* Write with the field's WARL rules: what cannot be held is replaced, never refused. */
void csr_write(struct hart *hart, enum csr_id id, uint32_t value);

#endif
