/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * csr.c - reads and writes of control and status registers, with the WARL rule of each field.
 * Knows nothing of instructions or privilege checks (exec.c) and has no effect beyond the hart:
 * whoever caches translations compares satp and sstatus before and after.
 */
#include "isa/csr.h"

static const struct csr_desc csr_table[CSR_COUNT] = {
#define CSR(id, number, privilege, sensitivity)                                                \
    [CSR_##id] = {#id, number, INSN_##privilege, INSN_##sensitivity},
#include "isa/csrs.def"
#undef CSR
};

const struct csr_desc *csr_desc(enum csr_id id)
{
    return &csr_table[id];
}

/* By number: one more than the CSR's id, 0 where there is none. */
static const uint8_t csr_index[CSR_NUMBERS] = {
#define CSR(id, number, privilege, sensitivity) [number] = CSR_##id + 1,
#include "isa/csrs.def"
#undef CSR
};

enum csr_id csr_find(uint32_t number)
{
    uint8_t found = number < CSR_NUMBERS ? csr_index[number] : 0;

    return found ? (enum csr_id)(found - 1) : CSR_NONE;
}

bool csr_read_only(uint32_t number)
{
    return number >> 10 == 3;
}

uint32_t csr_read(const struct hart *hart, enum csr_id id)
{
    switch (id) {
    case CSR_sstatus: return hart->sstatus;
    case CSR_sie: return hart->sie;
    case CSR_stvec: return hart->stvec;
    case CSR_scounteren: return 0;
    case CSR_sscratch: return hart->sscratch;
    case CSR_sepc: return hart->sepc;
    case CSR_scause: return hart->scause;
    case CSR_stval: return hart->stval;
    case CSR_sip: return hart->sip;
    case CSR_satp: return hart->satp;
    case CSR_time: return (uint32_t)hart_time(hart);
    case CSR_timeh: return (uint32_t)(hart_time(hart) >> 32);
    case CSR_COUNT: break;
    }
    return 0;
}

/* Only the three supervisor interrupts exist; of the pending bits, software owns only SSIP. */
#define SIE_MASK (IRQ_BIT(IRQ_SSOFT) | IRQ_BIT(IRQ_STIMER) | IRQ_BIT(IRQ_SEXT))
#define SIP_WRITABLE IRQ_BIT(IRQ_SSOFT)
/* Of the two reserved stvec modes (2 and 3) the unknown bit is dropped. */
#define STVEC_MASK (~2u)
/* With the C extension IALIGN is 16: only bit 0 of an exception pc is always zero. */
#define SEPC_MASK (~1u)

void csr_write(struct hart *hart, enum csr_id id, uint32_t value)
{
    switch (id) {
    case CSR_sstatus: hart->sstatus = value & SSTATUS_MASK; break;
    case CSR_sie: hart->sie = value & SIE_MASK; break;
    case CSR_stvec: hart->stvec = value & STVEC_MASK; break;
    case CSR_scounteren: break;
    case CSR_sscratch: hart->sscratch = value; break;
    case CSR_sepc: hart->sepc = value & SEPC_MASK; break;
    case CSR_scause: hart->scause = value; break;
    case CSR_stval: hart->stval = value; break;
    case CSR_sip: hart->sip = (hart->sip & ~SIP_WRITABLE) | (value & SIP_WRITABLE); break;
    case CSR_satp: hart->satp = value; break;
    case CSR_time:
    case CSR_timeh:
    case CSR_COUNT: break;
    }
}
