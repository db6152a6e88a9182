/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * quick.h - what the short cut of near.S is told, for cpu.c alone: which of a virtual supervisor's
 * instructions only read or write a field of its hart, and how.
 */
#ifndef PZ_ISA_ENGINE_CPU_QUICK_H
#define PZ_ISA_ENGINE_CPU_QUICK_H

#include <stddef.h>

#include "isa/csr.h"
#include "isa/engine/cpu/page.h"
#include "isa/engine/cpu/state.h"

/* Near.S reads this. */
struct cpu_quick {
    uint32_t raw;            /* the instruction's bits */
    uint32_t field;          /* offset of the CSR's value in struct hart */
    uint32_t writes;         /* bits of it that the instruction replaces */
    uint32_t decides;        /* of these: the monitor has to act if one changes */
    uint32_t source, target; /* addresses of the code for rs1 and for rd */
    uint32_t unused[2];
};

#define QUICKS (1u << CPU_QUICK_BITS)
#define NO_INSN 1u /* C.NOP: never refused */

extern const uint8_t cpu_quick_sources[], cpu_quick_targets[];

static inline uint32_t *quick_word(struct cpu *cpu, uint32_t offset)
{
    return &cpu->beside[offset / 4];
}

static inline struct cpu_quick *quick_at(struct cpu *cpu, uint32_t raw)
{
    _Static_assert(sizeof(struct cpu_quick) == 1u << CPU_QUICK_SHIFT &&
                       offsetof(struct cpu_quick, target) == CPU_QUICK_TARGET &&
                       CPU_QUICK + QUICKS * sizeof(struct cpu_quick) == CPU_BESIDE,
                   "as page.h says");
    struct cpu_quick *quicks = (struct cpu_quick *)(void *)quick_word(cpu, CPU_QUICK);

    return &quicks[raw * CPU_HASH_FACTOR >> (32 - CPU_QUICK_BITS)];
}

static uint32_t quick_code(const uint8_t *stubs, unsigned reg)
{
    return (uint32_t)(uintptr_t)stubs + CPU_QUICK_STUB * reg;
}

/* With bits that no trap has, but with code that can be run: the short cut fails at its end. */
static void quick_init(struct cpu *cpu)
{
    struct cpu_quick *quick = (struct cpu_quick *)(void *)quick_word(cpu, CPU_QUICK);

    for (uint32_t i = 0; i < QUICKS; i++)
        quick[i] = (struct cpu_quick){.raw = NO_INSN,
                                      .source = quick_code(cpu_quick_sources, 0),
                                      .target = quick_code(cpu_quick_targets, 0)};
}

/* Before a stay: only if a virtual supervisor's instruction is refused. */
static inline void quick_allow(struct cpu *cpu, const struct hart *hart)
{
    bool may = cpu->engine.handler && hart->mode == HART_SUPERVISOR;

    *quick_word(cpu, CPU_EXPECTED) = may ? CAUSE_ILLEGAL_INSN : UINT32_MAX;
    *quick_word(cpu, CPU_HART) = (uint32_t)(uintptr_t)hart;
}

/*
 * After it: the ticks that the short cuts took, where ticks are instructions. The instructions that
 * they stood for have retired.
 */
static inline uint32_t quick_cost(struct cpu *cpu)
{
    uint32_t *trips = quick_word(cpu, CPU_TRIPS), cost = *trips * (CPU_QUICK_COST - 1);

    cpu->engine.emulated += *trips;
    *trips = 0;
    return cpu->exact ? cost : 0;
}

/* Bits of a CSR on which more depends than the value that the hart keeps. */
static uint32_t quick_decides(enum csr_id id)
{
    if (id == CSR_sstatus)
        return SSTATUS_SIE | SSTATUS_SUM | SSTATUS_MXR;
    return csr_decides(id) ? UINT32_MAX : 0;
}

/* The instruction has been emulated. If the short cut can do that next time, it shall. */
static void quick_learn(struct cpu *cpu, const struct insn *insn)
{
    bool writes = insn->id == INSN_csrrw;
    bool reads = (insn->id == INSN_csrrs || insn->id == INSN_csrrc) && !insn->rs1;
    enum csr_id id = (enum csr_id)insn->csr;

    if ((!writes && !reads) || id == CSR_NONE || csr_counts(id))
        return;
    *quick_at(cpu, insn->raw) = (struct cpu_quick){
        .raw = insn->raw,
        .field = csr_place(id)->offset,
        .writes = writes ? csr_place(id)->writable : 0,
        .decides = quick_decides(id),
        .source = quick_code(cpu_quick_sources, insn->rs1),
        .target = quick_code(cpu_quick_targets, insn->rd),
    };
}

#endif
