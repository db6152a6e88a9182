/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * encode.h - instructions as words, for tests that make their own: opcode bits from insns.def,
 * operand fields as in the Unprivileged ISA, 2.2 and 2.3. Operands are not checked.
 */
#ifndef PZ_TESTS_SUPPORT_ENCODE_H
#define PZ_TESTS_SUPPORT_ENCODE_H

#include "isa/insn.h"

/* Register-register; also AMO, LR and SFENCE.VMA. */
static inline uint32_t encode_r(enum insn_id id, unsigned rd, unsigned rs1, unsigned rs2)
{
    return insn_desc(id)->match | rd << 7 | rs1 << 15 | rs2 << 20;
}

/* Register-immediate; also loads, JALR, shifts. */
static inline uint32_t encode_i(enum insn_id id, unsigned rd, unsigned rs1, int32_t imm)
{
    return insn_desc(id)->match | rd << 7 | rs1 << 15 | (uint32_t)imm << 20;
}

/* CSR access; `source` is rs1 or the immediate. */
static inline uint32_t encode_csr(enum insn_id id, unsigned rd, uint32_t number,
                                  unsigned source)
{
    return encode_i(id, rd, source, (int32_t)number);
}

static inline uint32_t encode_store(enum insn_id id, unsigned rs2, unsigned rs1, int32_t imm)
{
    uint32_t bits = (uint32_t)imm;

    return insn_desc(id)->match | (bits & 31) << 7 | rs1 << 15 | rs2 << 20 |
           (bits >> 5 & 127) << 25;
}

static inline uint32_t encode_branch(enum insn_id id, unsigned rs1, unsigned rs2, int32_t imm)
{
    uint32_t bits = (uint32_t)imm;

    return insn_desc(id)->match | (bits >> 11 & 1) << 7 | (bits >> 1 & 15) << 8 | rs1 << 15 |
           rs2 << 20 | (bits >> 5 & 63) << 25 | (bits >> 12 & 1) << 31;
}

/* LUI, AUIPC: `imm` with its low 12 bits zero. */
static inline uint32_t encode_u(enum insn_id id, unsigned rd, uint32_t imm)
{
    return insn_desc(id)->match | rd << 7 | (imm & 0xfffff000u);
}

static inline uint32_t encode_jal(unsigned rd, int32_t imm)
{
    uint32_t bits = (uint32_t)imm;

    return insn_desc(INSN_jal)->match | rd << 7 | (bits >> 12 & 255) << 12 |
           (bits >> 11 & 1) << 20 | (bits >> 1 & 1023) << 21 | (bits >> 20 & 1) << 31;
}

#endif
