/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * quick.h - what the short cut of near.S is told, for cpu.c alone: which of a virtual supervisor's
 * instructions only read or write a field of its hart, and how; and where calls and SRET lead to.
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
    uint32_t source, target; /* of rs1 and of rd: a place in the save area, or code */
    uint32_t unused[2];
};

#define QUICKS (1u << CPU_QUICK_BITS)
#define NO_INSN 1u /* C.NOP: never refused */
#define NO_BITS 0u /* stval of an ECALL */

extern const uint8_t cpu_quick_sources[], cpu_quick_targets[], cpu_quick_call[],
    cpu_quick_return[];

#define SAME(name, what) _Static_assert((name) == (what), "as page.h says")
SAME(CPU_CAUSE_INSN, CAUSE_ILLEGAL_INSN);
SAME(CPU_CAUSE_CALL, CAUSE_ECALL_USER);
SAME(CPU_USER, HART_USER);
SAME(CPU_SUPERVISOR, HART_SUPERVISOR);
SAME(CPU_SIE, SSTATUS_SIE);
SAME(CPU_SPIE, SSTATUS_SPIE);
SAME(CPU_SPP, SSTATUS_SPP);
SAME(CPU_HART_MODE, offsetof(struct hart, mode));
SAME(CPU_HART_RESERVED, offsetof(struct hart, reservation.valid));
SAME(CPU_HART_SSTATUS, offsetof(struct hart, sstatus));
SAME(CPU_HART_SIE, offsetof(struct hart, sie));
SAME(CPU_HART_SIP, offsetof(struct hart, sip));
SAME(CPU_HART_STVEC, offsetof(struct hart, stvec));
SAME(CPU_HART_SEPC, offsetof(struct hart, sepc));
SAME(CPU_HART_SCAUSE, offsetof(struct hart, scause));
SAME(CPU_HART_STVAL, offsetof(struct hart, stval));
#undef SAME

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

/* Code is in the upper half of the address space: near.S takes a negative number for it. */
static uint32_t quick_code(const uint8_t *code, unsigned reg)
{
    return (uint32_t)(uintptr_t)code + CPU_QUICK_STUB * reg;
}

/* Where a register is once t0 to t5 have been saved. */
static uint32_t quick_place(const uint8_t *stubs, unsigned reg)
{
    bool saved = !reg || (reg >= 5 && reg <= 7) || (reg >= 28 && reg <= 30);

    if (!reg && stubs == cpu_quick_targets)
        return CPU_SINK;
    return saved ? 4 * reg : quick_code(stubs, reg);
}

/* With bits that no trap has, but with code that can be run: the short cut fails at its end. */
static void quick_init(struct cpu *cpu)
{
    struct cpu_quick *quick = (struct cpu_quick *)(void *)quick_word(cpu, CPU_QUICK);

    for (uint32_t i = 0; i < QUICKS; i++)
        quick[i] = (struct cpu_quick){.raw = NO_INSN,
                                      .source = quick_place(cpu_quick_sources, 0),
                                      .target = quick_place(cpu_quick_targets, 0)};
    *quick_at(cpu, NO_BITS) =
        (struct cpu_quick){.raw = NO_BITS, .source = quick_code(cpu_quick_call, 0)};
}

/* Before a stay: only if a supervisor's instruction is refused, or a program calls. */
static inline void quick_allow(struct cpu *cpu, const struct hart *hart, uint32_t other)
{
    uint32_t cause = hart->mode == HART_SUPERVISOR ? CAUSE_ILLEGAL_INSN : CAUSE_ECALL_USER;

    *quick_word(cpu, CPU_EXPECTED) = cpu->engine.handler ? cause : UINT32_MAX;
    *quick_word(cpu, CPU_HART) = (uint32_t)(uintptr_t)hart;
    *quick_word(cpu, CPU_OTHER_SATP) = other;
}

/* How often a short cut was taken, since this was asked last. */
static inline uint32_t quick_taken(struct cpu *cpu, uint32_t offset)
{
    uint32_t taken = *quick_word(cpu, offset);

    *quick_word(cpu, offset) = 0;
    return taken;
}

/*
 * After it: the ticks that the short cuts took, where ticks are instructions. The instructions that
 * they stood for have retired, but for calls.
 */
static inline uint32_t quick_cost(struct cpu *cpu)
{
    uint32_t trips = quick_taken(cpu, CPU_TRIPS), calls = quick_taken(cpu, CPU_CALLS);
    uint32_t returns = quick_taken(cpu, CPU_RETURNS);

    cpu->engine.emulated += trips + returns;
    cpu->engine.called += calls;
    if (!cpu->exact)
        return 0;
    return trips * (CPU_QUICK_COST - 1) + calls * CPU_CALL_COST +
           returns * (CPU_RETURN_COST - 1);
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
    struct cpu_quick *quick = quick_at(cpu, insn->raw);

    if (quick == quick_at(cpu, NO_BITS))
        return;
    if (insn->id == INSN_sret)
        *quick =
            (struct cpu_quick){.raw = insn->raw, .source = quick_code(cpu_quick_return, 0)};
    if ((!writes && !reads) || id == CSR_NONE || csr_counts(id))
        return;
    *quick = (struct cpu_quick){
        .raw = insn->raw,
        .field = csr_place(id)->offset,
        .writes = writes ? csr_place(id)->writable : 0,
        .decides = quick_decides(id),
        .source = quick_place(cpu_quick_sources, insn->rs1),
        .target = quick_place(cpu_quick_targets, insn->rd),
    };
}

#endif
