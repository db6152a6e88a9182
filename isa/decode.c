/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * decode.c - decoding by table. A 32-bit word is matched against the rows of its major opcode;
 * a compressed one is first expanded (expand.c).
 */
#include "isa/decode.h"

#include "isa/csr.h"
#include "isa/expand.h"

/* The first row of each major opcode (bits 6..2); a test compares this with insns.def. */
static const uint8_t first_row[32] = {
    [0x00] = INSN_lb,  [0x03] = INSN_fence, [0x04] = INSN_addi, [0x05] = INSN_auipc,
    [0x08] = INSN_sb,  [0x0b] = INSN_lr_w,  [0x0c] = INSN_add,  [0x0d] = INSN_lui,
    [0x18] = INSN_beq, [0x19] = INSN_jalr,  [0x1b] = INSN_jal,  [0x1c] = INSN_ecall,
};

/* The row that `bits` match, or INSN_ILLEGAL. Rows of the same major opcode are adjacent. */
static enum insn_id find_row(uint32_t bits)
{
    const uint32_t major = 0x7f;

    for (unsigned id = first_row[(bits >> 2) & 31]; id < INSN_COUNT; id++) {
        const struct insn_desc *row = insn_desc((enum insn_id)id);

        if ((bits & row->mask) == row->match)
            return (enum insn_id)id;
        if ((bits & major) != (row->match & major))
            return INSN_ILLEGAL;
    }
    return INSN_ILLEGAL;
}

static uint32_t field(uint32_t bits, unsigned low, unsigned width)
{
    return (bits >> low) & ((1u << width) - 1);
}

/* Bits 31..low, sign-extended. */
static int32_t sign_field(uint32_t bits, unsigned low)
{
    return (int32_t)bits >> low;
}

/*
 * Immediates (Unprivileged ISA 2.3). Bit 31 is always the sign:
 *   S   imm[11:5] | rs2 rs1 f3 | imm[4:0]
 *   B   imm[12|10:5] | rs2 rs1 f3 | imm[4:1|11]
 *   J   imm[20|10:1|11|19:12]
 */
static int32_t imm_store(uint32_t bits)
{
    return (int32_t)((uint32_t)sign_field(bits, 25) << 5 | field(bits, 7, 5));
}

static int32_t imm_branch(uint32_t bits)
{
    return (int32_t)((uint32_t)sign_field(bits, 31) << 12 | field(bits, 7, 1) << 11 |
                     field(bits, 25, 6) << 5 | field(bits, 8, 4) << 1);
}

static int32_t imm_jump(uint32_t bits)
{
    return (int32_t)((uint32_t)sign_field(bits, 31) << 20 | field(bits, 12, 8) << 12 |
                     field(bits, 20, 1) << 11 | field(bits, 21, 10) << 1);
}

static int32_t immediate(uint32_t bits, enum insn_format format)
{
    switch (format) {
    case FORMAT_I:
    case FORMAT_LOAD:
    case FORMAT_JALR: return sign_field(bits, 20);
    case FORMAT_SHIFT: return (int32_t)field(bits, 20, 5);
    case FORMAT_STORE: return imm_store(bits);
    case FORMAT_B: return imm_branch(bits);
    case FORMAT_U: return (int32_t)(bits & 0xfffff000u);
    case FORMAT_J: return imm_jump(bits);
    case FORMAT_CSR:
    case FORMAT_CSRI: return (int32_t)field(bits, 20, 12);
    case FORMAT_R:
    case FORMAT_AMO:
    case FORMAT_LR:
    case FORMAT_FENCE:
    case FORMAT_SFENCE:
    case FORMAT_NONE: break;
    }
    return 0;
}

static void find_csr(struct insn *insn)
{
    insn->csr = (uint8_t)csr_find((uint32_t)insn->imm);
    insn->privilege = INSN_NOBODY;
    if (insn->csr == CSR_NONE)
        return;
    insn->privilege = csr_desc((enum csr_id)insn->csr)->privilege;
    insn->decides = csr_desc((enum csr_id)insn->csr)->decides;
}

/* What depends only on the row and the CSR number, looked up once at decoding. */
static void find_privilege(struct insn *insn)
{
    const struct insn_desc *row = insn_desc((enum insn_id)insn->id);

    insn->privilege = row->privilege;
    insn->decides = row->decides;
    if (row->format == FORMAT_CSR || row->format == FORMAT_CSRI)
        find_csr(insn);
}

struct insn decode_insn(uint32_t raw)
{
    struct insn insn = {
        .raw = raw, .bits = raw, .len = 4, .csr = CSR_NONE, .privilege = INSN_NOBODY};

    if (!insn_is_wide(raw)) {
        insn.len = 2;
        insn.raw = raw & 0xffff;
        insn.bits = expand_insn((uint16_t)raw);
    }
    insn.id = insn.bits ? (uint8_t)find_row(insn.bits) : INSN_ILLEGAL;
    if (insn.id == INSN_ILLEGAL)
        return insn;
    insn.rd = (uint8_t)field(insn.bits, 7, 5);
    insn.rs1 = (uint8_t)field(insn.bits, 15, 5);
    insn.rs2 = (uint8_t)field(insn.bits, 20, 5);
    insn.imm = immediate(insn.bits, (enum insn_format)insn_desc((enum insn_id)insn.id)->format);
    find_privilege(&insn);
    return insn;
}
