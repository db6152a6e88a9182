/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * expand.c - expands each compressed instruction of RV32C to its 32-bit equivalent
 * (Unprivileged ISA chapter 16). Reserved, custom and floating-point encodings give 0, which
 * decodes as illegal. HINTs expand like other instructions.
 */
#include "isa/expand.h"

#include "isa/insn.h"

/* Bits high..low of the parcel, shifted to position `at`. */
static uint32_t take(uint32_t parcel, unsigned high, unsigned low, unsigned at)
{
    return ((parcel >> low) & ((1u << (high - low + 1)) - 1)) << at;
}

/* Register fields: full (x0..x31) and popular (x8..x15). */
static uint32_t full_rd(uint32_t parcel)
{
    return take(parcel, 11, 7, 0);
}

static uint32_t full_rs2(uint32_t parcel)
{
    return take(parcel, 6, 2, 0);
}

static uint32_t popular_low(uint32_t parcel)
{
    return 8 + take(parcel, 4, 2, 0);
}

static uint32_t popular_high(uint32_t parcel)
{
    return 8 + take(parcel, 9, 7, 0);
}

/* 32-bit encodings by format; `match` is the row of insns.def. */
static uint32_t make_r(enum insn_id id, uint32_t rd, uint32_t rs1, uint32_t rs2)
{
    return insn_desc(id)->match | rd << 7 | rs1 << 15 | rs2 << 20;
}

static uint32_t make_i(enum insn_id id, uint32_t rd, uint32_t rs1, uint32_t imm)
{
    return insn_desc(id)->match | rd << 7 | rs1 << 15 | imm << 20;
}

static uint32_t make_store(uint32_t rs2, uint32_t rs1, uint32_t imm)
{
    return insn_desc(INSN_sw)->match | (imm & 31) << 7 | rs1 << 15 | rs2 << 20 |
           (imm >> 5) << 25;
}

static uint32_t make_branch(enum insn_id id, uint32_t rs1, uint32_t imm)
{
    return insn_desc(id)->match | ((imm >> 11) & 1) << 7 | ((imm >> 1) & 15) << 8 | rs1 << 15 |
           ((imm >> 5) & 63) << 25 | ((imm >> 12) & 1) << 31;
}

static uint32_t make_jal(uint32_t rd, uint32_t imm)
{
    return insn_desc(INSN_jal)->match | rd << 7 | ((imm >> 12) & 255) << 12 |
           ((imm >> 11) & 1) << 20 | ((imm >> 1) & 1023) << 21 | ((imm >> 20) & 1) << 31;
}

/* Immediates, named after their instructions; table 16.5 to 16.7. */
static uint32_t sign_extend(uint32_t value, unsigned sign_bit)
{
    uint32_t sign = 1u << sign_bit;

    return (value ^ sign) - sign;
}

static uint32_t imm6(uint32_t p)
{
    return sign_extend(take(p, 12, 12, 5) | take(p, 6, 2, 0), 5);
}

static uint32_t shamt6(uint32_t p)
{
    return take(p, 12, 12, 5) | take(p, 6, 2, 0);
}

static uint32_t imm_lw(uint32_t p)
{
    return take(p, 12, 10, 3) | take(p, 6, 6, 2) | take(p, 5, 5, 6);
}

static uint32_t imm_lwsp(uint32_t p)
{
    return take(p, 12, 12, 5) | take(p, 6, 4, 2) | take(p, 3, 2, 6);
}

static uint32_t imm_swsp(uint32_t p)
{
    return take(p, 12, 9, 2) | take(p, 8, 7, 6);
}

static uint32_t imm_addi4spn(uint32_t p)
{
    return take(p, 12, 11, 4) | take(p, 10, 7, 6) | take(p, 6, 6, 2) | take(p, 5, 5, 3);
}

static uint32_t imm_addi16sp(uint32_t p)
{
    return sign_extend(take(p, 12, 12, 9) | take(p, 6, 6, 4) | take(p, 5, 5, 6) |
                           take(p, 4, 3, 7) | take(p, 2, 2, 5),
                       9);
}

static uint32_t imm_jump(uint32_t p)
{
    return sign_extend(take(p, 12, 12, 11) | take(p, 11, 11, 4) | take(p, 10, 9, 8) |
                           take(p, 8, 8, 10) | take(p, 7, 7, 6) | take(p, 6, 6, 7) |
                           take(p, 5, 3, 1) | take(p, 2, 2, 5),
                       11);
}

static uint32_t imm_branch(uint32_t p)
{
    return sign_extend(take(p, 12, 12, 8) | take(p, 11, 10, 3) | take(p, 6, 5, 6) |
                           take(p, 4, 3, 1) | take(p, 2, 2, 5),
                       8);
}

/* Quadrant 0: bits 1..0 are 00. */
static uint32_t c_addi4spn(uint32_t p)
{
    uint32_t imm = imm_addi4spn(p);

    return imm ? make_i(INSN_addi, popular_low(p), 2, imm) : 0;
}

static uint32_t c_lw(uint32_t p)
{
    return make_i(INSN_lw, popular_low(p), popular_high(p), imm_lw(p));
}

static uint32_t c_sw(uint32_t p)
{
    return make_store(popular_low(p), popular_high(p), imm_lw(p));
}

/* Quadrant 1: 01. */
static uint32_t c_addi(uint32_t p)
{
    return make_i(INSN_addi, full_rd(p), full_rd(p), imm6(p));
}

static uint32_t c_jal(uint32_t p)
{
    return make_jal(1, imm_jump(p));
}

static uint32_t c_li(uint32_t p)
{
    return make_i(INSN_addi, full_rd(p), 0, imm6(p));
}

/* C.LUI, but C.ADDI16SP when rd is the stack pointer. An immediate of 0 is reserved in both. */
static uint32_t c_lui(uint32_t p)
{
    uint32_t rd = full_rd(p);

    if (imm6(p) == 0)
        return 0;
    if (rd == 2)
        return make_i(INSN_addi, 2, 2, imm_addi16sp(p));
    return insn_desc(INSN_lui)->match | rd << 7 | imm6(p) << 12;
}

/* The register-register half of C.MISC-ALU; with bit 12 set it is RV64-only or reserved. */
static uint32_t c_alu_reg(uint32_t p)
{
    static const uint8_t op[4] = {INSN_sub, INSN_xor, INSN_or, INSN_and};
    uint32_t rd = popular_high(p);

    if (p & 1u << 12)
        return 0;
    return make_r((enum insn_id)op[take(p, 6, 5, 0)], rd, rd, popular_low(p));
}

/* Shift amounts of 32 or more are not valid in RV32. */
static uint32_t shift(enum insn_id id, uint32_t rd, uint32_t p)
{
    return shamt6(p) < 32 ? make_i(id, rd, rd, shamt6(p)) : 0;
}

static uint32_t c_alu(uint32_t p)
{
    uint32_t rd = popular_high(p);

    switch (take(p, 11, 10, 0)) {
    case 0: return shift(INSN_srli, rd, p);
    case 1: return shift(INSN_srai, rd, p);
    case 2: return make_i(INSN_andi, rd, rd, imm6(p));
    default: return c_alu_reg(p);
    }
}

static uint32_t c_j(uint32_t p)
{
    return make_jal(0, imm_jump(p));
}

static uint32_t c_beqz(uint32_t p)
{
    return make_branch(INSN_beq, popular_high(p), imm_branch(p));
}

static uint32_t c_bnez(uint32_t p)
{
    return make_branch(INSN_bne, popular_high(p), imm_branch(p));
}

/* Quadrant 2: 10. */
static uint32_t c_slli(uint32_t p)
{
    return shift(INSN_slli, full_rd(p), p);
}

static uint32_t c_lwsp(uint32_t p)
{
    return full_rd(p) ? make_i(INSN_lw, full_rd(p), 2, imm_lwsp(p)) : 0;
}

static uint32_t c_swsp(uint32_t p)
{
    return make_store(full_rs2(p), 2, imm_swsp(p));
}

/* C.JR, C.MV with bit 12 clear; C.EBREAK, C.JALR, C.ADD with it set. */
static uint32_t c_jr_mv_add(uint32_t p)
{
    uint32_t rd = full_rd(p), rs2 = full_rs2(p);
    bool link = p & 1u << 12;

    if (rs2)
        return make_r(INSN_add, rd, link ? rd : 0, rs2);
    if (rd)
        return make_i(INSN_jalr, link ? 1 : 0, rd, 0);
    return link ? insn_desc(INSN_ebreak)->match : 0;
}

static uint32_t c_none(uint32_t p)
{
    (void)p;
    return 0;
}

/* By quadrant (bits 1..0), then by bits 15..13. The gaps are floating point or reserved. */
static uint32_t (*const expand[3][8])(uint32_t parcel) = {
    {c_addi4spn, c_none, c_lw, c_none, c_none, c_none, c_sw, c_none},
    {c_addi, c_jal, c_li, c_lui, c_alu, c_j, c_beqz, c_bnez},
    {c_slli, c_none, c_lwsp, c_none, c_jr_mv_add, c_none, c_swsp, c_none},
};

uint32_t expand_insn(uint16_t parcel)
{
    unsigned quadrant = parcel & 3;

    return quadrant == 3 ? 0 : expand[quadrant][parcel >> 13](parcel);
}
