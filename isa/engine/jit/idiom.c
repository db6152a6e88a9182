/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * idiom.c - sequences of instructions that become one host instruction, or two. PZ32 has no rotate,
 * no address of an element, and no extension of a part of a register; compilers write
 *
 *     srli t, x, n        slli u, x, 32 - n        or d, t, u
 *     slli t, x, 1..3     add d, t, y
 *     slli t, x, n        srli d, t, m             n <= m; or srai
 *
 * the first two in either order. What comes before the last instruction is a result too, but
 * usually unused: it need not be computed if it is overwritten before anything can read it or exit
 * the block.
 */
#include "isa/engine/jit/translate.h"

/* How many instructions to look ahead for uses of a half. */
#define LOOK 12u

static bool opposite(const struct insn *a, const struct insn *b)
{
    return (a->id == INSN_srli && b->id == INSN_slli) ||
           (a->id == INSN_slli && b->id == INSN_srli);
}

/* The instruction at pc, if it certainly belongs to the current block. */
static const struct insn *insn_of_block(const struct batch *b, uint32_t pc, unsigned ahead)
{
    uint32_t raw;

    if (b->block->instructions + ahead >= BLOCK_INSNS || !code_goes_on(b, pc, &raw))
        return NULL;
    return spec_decode(b->jit->spec, raw);
}

/* Does not access memory, jump or trap. */
static bool is_plain(const struct insn *insn)
{
    switch (insn_desc((enum insn_id)insn->id)->format) {
    case FORMAT_R:
    case FORMAT_I:
    case FORMAT_SHIFT:
    case FORMAT_U: return true;
    default: return false;
    }
}

/* Will the register be overwritten before anyone can see it, from pc on? */
static bool is_dead(const struct batch *b, unsigned guest, uint32_t pc)
{
    for (unsigned i = 0; i < LOOK; i++) {
        const struct insn *insn = insn_of_block(b, pc, 3 + i);

        if (!insn || insn->id == INSN_ILLEGAL || !is_plain(insn) ||
            registers_read(insn) >> guest & 1)
            return false;
        if (registers_written(insn) >> guest & 1)
            return true;
        pc += insn->len;
    }
    return false;
}

static bool is_rotation(const struct batch *b, const struct idiom *idiom)
{
    const struct insn *t = &idiom->insn[0], *u = &idiom->insn[1], *d = &idiom->insn[2];

    return d->id == INSN_or && t->rs1 == u->rs1 && t->imm + u->imm == 32 && t->rd && u->rd &&
           d->rd && t->rd != t->rs1 && t->rd != u->rd && !is_known(b, t->rs1) &&
           ((d->rs1 == t->rd && d->rs2 == u->rd) || (d->rs1 == u->rd && d->rs2 == t->rd));
}

/* The operand of an element's address that is not the scaled one. */
static unsigned base_of(const struct idiom *idiom)
{
    const struct insn *t = &idiom->insn[0], *d = &idiom->insn[1];

    return d->rs1 == t->rd ? d->rs2 : d->rs1;
}

static bool is_element(const struct batch *b, const struct idiom *idiom)
{
    const struct insn *t = &idiom->insn[0], *d = &idiom->insn[1];

    return t->id == INSN_slli && t->imm >= 1 && t->imm <= 3 && d->id == INSN_add && t->rd &&
           d->rd && (d->rs1 == t->rd) != (d->rs2 == t->rd) && !is_known(b, t->rs1) &&
           !is_known(b, base_of(idiom)) && (d->rd == t->rd || is_dead(b, t->rd, idiom->end));
}

/* Of 8 or 16 bits, or of any number without a sign; shifted to the right afterwards, if m > n. */
static bool is_extension(const struct batch *b, const struct idiom *idiom)
{
    const struct insn *t = &idiom->insn[0], *d = &idiom->insn[1];
    bool part = t->imm == 16 || t->imm == 24;

    return t->id == INSN_slli && (d->id == INSN_srli || d->id == INSN_srai) &&
           d->rs1 == t->rd && t->rd && d->rd && t->imm && d->imm >= t->imm &&
           (part || (d->id == INSN_srli && d->imm == t->imm)) && !is_known(b, t->rs1) &&
           (d->rd == t->rd || is_dead(b, t->rd, idiom->end));
}

/* Adds the next instruction. */
static bool look_ahead(const struct batch *b, struct idiom *idiom)
{
    const struct insn *next = insn_of_block(b, idiom->end, idiom->count);

    if (!next)
        return false;
    idiom->insn[idiom->count++] = *next;
    idiom->end += next->len;
    return true;
}

bool idiom_find(const struct batch *b, const struct insn *first, struct idiom *idiom)
{
    if (first->id != INSN_srli && first->id != INSN_slli)
        return false;
    idiom->insn[0] = *first;
    idiom->count = 1;
    idiom->end = b->pc + first->len;
    if (!look_ahead(b, idiom))
        return false;
    if (idiom->insn[1].id == INSN_add)
        return is_element(b, idiom);
    if (is_extension(b, idiom))
        return true;
    return opposite(first, &idiom->insn[1]) && look_ahead(b, idiom) && is_rotation(b, idiom);
}

/* Compute one of the halves, if it is needed. */
static void make_half(struct batch *b, const struct idiom *idiom, const struct insn *half)
{
    if (half->rd == idiom->insn[2].rd)
        return;
    if (is_dead(b, half->rd, idiom->end))
        b->known &= ~(1u << half->rd);
    else
        translate_shift(b, half);
}

static void translate_rotation(struct batch *b, const struct idiom *idiom)
{
    const struct insn *t = &idiom->insn[0], *u = &idiom->insn[1], *d = &idiom->insn[2];
    unsigned to = put_reg(b, d->rd, RAX), from = t->rs1;
    int count = t->id == INSN_srli ? t->imm : u->imm;

    make_half(b, idiom, t);
    if (u->rd == from && d->rd != from) { /* u overwrites the rotated register */
        to = RDX;
        b->scratch |= 1u << RDX;
        get_into(b, to, from);
        make_half(b, idiom, u);
    } else {
        make_half(b, idiom, u);
        get_into(b, to, from);
    }
    emit_shift_imm(&b->e, SIZE32, SHIFT_ROR, rm_reg(to), (uint8_t)count);
    put(b, d->rd, to);
}

static void translate_element(struct batch *b, const struct idiom *idiom)
{
    const struct insn *t = &idiom->insn[0], *d = &idiom->insn[1];
    unsigned to = put_reg(b, d->rd, RAX), base = base_of(idiom);

    if (b->host[base]) {
        unsigned index = get_reg(b, t->rs1, RAX);

        emit_lea(&b->e, SIZE32, to, rm_index(b->host[base], index, (unsigned)t->imm, 0));
    } else {
        to = RAX;
        get_into(b, to, t->rs1);
        emit_shift_imm(&b->e, SIZE32, SHIFT_SHL, rm_reg(to), (uint8_t)t->imm);
        emit_alu(&b->e, SIZE32, ALU_ADD, to, rm_guest(b, base));
    }
    b->known &= ~(1u << t->rd);
    put(b, d->rd, to);
}

static void translate_extension(struct batch *b, const struct idiom *idiom)
{
    const struct insn *t = &idiom->insn[0], *d = &idiom->insn[1];
    unsigned to = put_reg(b, d->rd, RAX), shift = (unsigned)(d->imm - t->imm);
    bool is_signed = d->id == INSN_srai;

    if (t->imm == 16) {
        emit_extend(&b->e, is_signed ? EXTEND_SIGN16 : EXTEND_ZERO16, to, rm_guest(b, t->rs1));
    } else if (t->imm == 24) {
        emit_extend(&b->e, is_signed ? EXTEND_SIGN8 : EXTEND_ZERO8, to, rm_guest(b, t->rs1));
    } else {
        get_into(b, to, t->rs1);
        emit_alu_imm(&b->e, SIZE32, ALU_AND, rm_reg(to), (int32_t)(UINT32_MAX >> t->imm));
    }
    if (shift)
        emit_shift_imm(&b->e, SIZE32, is_signed ? SHIFT_SAR : SHIFT_SHR, rm_reg(to),
                       (uint8_t)shift);
    b->known &= ~(1u << t->rd);
    put(b, d->rd, to);
}

void idiom_translate(struct batch *b, const struct idiom *idiom)
{
    if (idiom->count == 3)
        translate_rotation(b, idiom);
    else if (idiom->insn[1].id == INSN_add)
        translate_element(b, idiom);
    else
        translate_extension(b, idiom);
}
