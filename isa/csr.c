/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * csr.c - reads and writes of control and status registers, with the WARL rule of each field.
 * Knows nothing of instructions or privilege checks (exec.h) and has no effect beyond the hart:
 * a caller that caches translations compares satp and sstatus before and after.
 */
#include "isa/csr.h"

#include <stddef.h>
#include <string.h>

static const struct csr_desc csr_table[CSR_COUNT] = {
#define CSR(id, number, privilege, sensitivity, decides)                                       \
    [CSR_##id] = {                                                                             \
        PZ_NAME(#id), number, INSN_##privilege, INSN_##sensitivity, DECIDES_##decides,         \
    },
#include "isa/csrs.def"
#undef CSR
};

const struct csr_desc *csr_desc(enum csr_id id)
{
    return &csr_table[id];
}

/*
 * Each CSR has a slot of its own: one more than its id, or 0 where there is none. For a CSR that
 * took another's, compilers warn: then another function of the number is needed.
 */
#define SLOTS 64u
#define SLOT(number) (((number) ^ (number) >> 1 ^ (number) >> 3) % SLOTS)

static const uint8_t csr_slots[SLOTS] = {
#define CSR(id, number, privilege, sensitivity, decides) [SLOT(number)] = CSR_##id + 1,
#include "isa/csrs.def"
#undef CSR
};

enum csr_id csr_find(uint32_t number)
{
    uint8_t found = csr_slots[SLOT(number)];

    return found && csr_table[found - 1].number == number ? (enum csr_id)(found - 1) : CSR_NONE;
}

bool csr_read_only(uint32_t number)
{
    return number >> 10 == 3;
}

/* Only the three supervisor interrupts exist; of the pending bits, software owns only SSIP. */
#define SIE_MASK (IRQ_BIT(IRQ_SSOFT) | IRQ_BIT(IRQ_STIMER) | IRQ_BIT(IRQ_SEXT))
#define SIP_WRITABLE IRQ_BIT(IRQ_SSOFT)
/* The other fields belong to extensions that PZ32 does not have (Zicbom, Zicboz). */
#define SENVCFG_MASK SENVCFG_FIOM
/* Bit 1 of stvec.MODE always reads 0: modes 2 and 3 are reserved. */
#define STVEC_MASK (~2u)
/* With the C extension IALIGN is 16: only bit 0 of an exception pc is always zero. */
#define SEPC_MASK (~1u)

#define PLACE(field, writable)                                                                 \
    {                                                                                          \
        offsetof(struct hart, field), writable                                                 \
    }

static const struct csr_place places[CSR_COUNT] = {
    [CSR_sstatus] = PLACE(sstatus, SSTATUS_MASK),
    [CSR_sie] = PLACE(sie, SIE_MASK),
    [CSR_stvec] = PLACE(stvec, STVEC_MASK),
    [CSR_scounteren] = PLACE(scounteren, SCOUNTEREN_MASK),
    [CSR_senvcfg] = PLACE(senvcfg, SENVCFG_MASK),
    [CSR_sscratch] = PLACE(sscratch, UINT32_MAX),
    [CSR_sepc] = PLACE(sepc, SEPC_MASK),
    [CSR_scause] = PLACE(scause, UINT32_MAX),
    [CSR_stval] = PLACE(stval, UINT32_MAX),
    [CSR_sip] = PLACE(sip, SIP_WRITABLE),
    [CSR_satp] = PLACE(satp, UINT32_MAX),
    /* The counters are read otherwise, and never written. */
    [CSR_cycle] = PLACE(retired, 0),
    [CSR_time] = PLACE(retired, 0),
    [CSR_instret] = PLACE(retired, 0),
    [CSR_cycleh] = PLACE(retired, 0),
    [CSR_timeh] = PLACE(retired, 0),
    [CSR_instreth] = PLACE(retired, 0),
};

/* Every instruction takes one cycle; a hart that waits is given none. */
static uint32_t counter(const struct hart *hart, enum csr_id id)
{
    switch (id) {
    case CSR_time: return (uint32_t)hart_time(hart);
    case CSR_timeh: return (uint32_t)(hart_time(hart) >> 32);
    case CSR_cycleh:
    case CSR_instreth: return (uint32_t)(hart->retired >> 32);
    default: return (uint32_t)hart->retired;
    }
}

const struct csr_place *csr_place(enum csr_id id)
{
    return &places[id];
}

uint32_t csr_read(const struct hart *hart, enum csr_id id)
{
    uint32_t value;

    if (csr_counts(id))
        return counter(hart, id);
    memcpy(&value, (const uint8_t *)hart + places[id].offset, sizeof value);
    return value;
}

void csr_write(struct hart *hart, enum csr_id id, uint32_t value)
{
    const struct csr_place *place = &places[id];
    uint8_t *at = (uint8_t *)hart + place->offset;
    uint32_t kept;

    memcpy(&kept, at, sizeof kept);
    kept = (kept & ~place->writable) | (value & place->writable);
    memcpy(at, &kept, sizeof kept);
}
