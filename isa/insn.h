/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * insn.h - instructions as data: the table's row for each (name, format, privilege, claimed
 * sensitivity), and a decoded instruction with its operands, as decode.c produces it.
 */
#ifndef PZ_ISA_INSN_H
#define PZ_ISA_INSN_H

#include <stdbool.h>
#include <stdint.h>

enum insn_id {
#define INSN(id, name, match, mask, format, privilege, sensitivity, decides) INSN_##id,
#include "isa/insns.def"
#undef INSN
    INSN_COUNT,
    INSN_ILLEGAL = INSN_COUNT,
};

/* Operands, as an assembler writes them. */
enum insn_format {
    FORMAT_R,      /* rd, rs1, rs2 */
    FORMAT_I,      /* rd, rs1, imm */
    FORMAT_SHIFT,  /* rd, rs1, shamt */
    FORMAT_LOAD,   /* rd, imm(rs1) */
    FORMAT_JALR,   /* rd, imm(rs1) */
    FORMAT_STORE,  /* rs2, imm(rs1) */
    FORMAT_B,      /* rs1, rs2, pc + imm */
    FORMAT_U,      /* rd, imm[31:12] */
    FORMAT_J,      /* rd, pc + imm */
    FORMAT_CSR,    /* rd, csr, rs1 */
    FORMAT_CSRI,   /* rd, csr, uimm (in rs1's place) */
    FORMAT_AMO,    /* rd, rs2, (rs1) */
    FORMAT_LR,     /* rd, (rs1) */
    FORMAT_FENCE,  /* pred, succ */
    FORMAT_SFENCE, /* rs1, rs2 */
    FORMAT_NONE,
};

/* The lowest mode that may run it, numbered as modes are. NOBODY: only as decoded. */
enum insn_privilege { INSN_USER, INSN_SUPER, INSN_PRIVILEGE_BY_CSR, INSN_NOBODY };
enum insn_sensitivity {
    INSN_INNOCUOUS,
    INSN_CONTROL,
    INSN_BEHAVIOUR,
    INSN_SENSITIVITY_BY_CSR,
};

/* What may change with it that whoever runs the hart has to act on. */
enum insn_decides {
    DECIDES_NOTHING,
    DECIDES_INTERRUPTS = 1u << 0, /* which are deliverable */
    DECIDES_MAPPING = 1u << 1,    /* how memory is accessed: mode, satp, SUM, MXR */
    DECIDES_BOTH = DECIDES_INTERRUPTS | DECIDES_MAPPING,
    DECIDES_OUTSIDE = 1u << 2, /* more than the hart: time passes, cached translations go */
    DECIDES_BY_CSR = 1u << 3,
};

struct insn_desc {
    const char *name;
    uint32_t match, mask;
    uint8_t format;      /* enum insn_format */
    uint8_t privilege;   /* enum insn_privilege */
    uint8_t sensitivity; /* enum insn_sensitivity, claimed */
    uint8_t decides;     /* enum insn_decides */
};

/* A decoded instruction. Fields that its format does not have hold whatever bits are there. */
struct insn {
    uint32_t raw;  /* as fetched: 16 bits when compressed. What stval holds if it is illegal */
    uint32_t bits; /* its 32-bit form; 0 when a compressed encoding has none */
    int32_t imm;   /* sign-extended; shamt; or the CSR's number */
    uint8_t id;    /* enum insn_id */
    uint8_t len;   /* bytes: 2 or 4 */
    uint8_t rd, rs1, rs2;
    uint8_t csr;       /* enum csr_id, where it names one; else CSR_NONE */
    uint8_t privilege; /* enum insn_privilege, its CSR's where that decides; never BY_CSR */
    uint8_t decides;   /* enum insn_decides, the same */
};

/* The row of an instruction. `id` < INSN_COUNT. */
const struct insn_desc *insn_desc(enum insn_id id);

/* Is this the first half of a 32-bit instruction? (Unprivileged ISA 1.5) */
static inline bool insn_is_wide(uint32_t parcel)
{
    return (parcel & 3) == 3;
}

/* PAUSE, a hint among the encodings of FENCE: pred is W, all else 0 (Zihintpause 2.0). */
#define INSN_PAUSE_BITS 0x0100000fu

/* Does the hart say that it spins? It runs the instruction as any other FENCE. */
static inline bool insn_is_pause(const struct insn *insn)
{
    return insn->bits == INSN_PAUSE_BITS;
}

/* Bytes that a load, store or atomic instruction accesses: 1, 2 or 4. */
unsigned insn_width(const struct insn *insn);

#endif
