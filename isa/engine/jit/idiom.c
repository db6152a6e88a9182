/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * idiom.c - sequences of instructions that become one host instruction. PZ32 has no rotate;
 * compilers write
 *
 *     srli t, x, n        slli u, x, 32 - n        or d, t, u
 *
 * in either order. The two halves are results too, but usually unused: they need not be
 * computed if they are overwritten before anything can read them or exit the block.
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

static bool fits(const struct batch *b, const struct rotation *rotation)
{
    const struct insn *t = &rotation->insn[0], *u = &rotation->insn[1], *d = &rotation->insn[2];

    return opposite(t, u) && d->id == INSN_or && t->rs1 == u->rs1 && t->imm + u->imm == 32 &&
           t->rd && u->rd && d->rd && t->rd != t->rs1 && t->rd != u->rd &&
           !is_known(b, t->rs1) &&
           ((d->rs1 == t->rd && d->rs2 == u->rd) || (d->rs1 == u->rd && d->rs2 == t->rd));
}

bool rotation_find(const struct batch *b, const struct insn *first, struct rotation *rotation)
{
    uint32_t pc = b->pc + first->len;

    if (first->id != INSN_srli && first->id != INSN_slli)
        return false;
    rotation->insn[0] = *first;
    for (unsigned i = 1; i < 3; i++) {
        const struct insn *next = insn_of_block(b, pc, i);

        if (!next)
            return false;
        rotation->insn[i] = *next;
        pc += next->len;
    }
    rotation->end = pc;
    return fits(b, rotation);
}

/* Compute one of the halves, if it is needed. */
static void make_half(struct batch *b, const struct rotation *rotation, const struct insn *half)
{
    if (half->rd == rotation->insn[2].rd)
        return;
    if (is_dead(b, half->rd, rotation->end))
        b->known &= ~(1u << half->rd);
    else
        translate_shift(b, half);
}

void rotation_translate(struct batch *b, const struct rotation *rotation)
{
    const struct insn *t = &rotation->insn[0], *u = &rotation->insn[1], *d = &rotation->insn[2];
    unsigned to = put_reg(b, d->rd, RAX), from = t->rs1;
    int count = t->id == INSN_srli ? t->imm : u->imm;

    make_half(b, rotation, t);
    if (u->rd == from && d->rd != from) { /* u overwrites the rotated register */
        to = RDX;
        b->scratch |= 1u << RDX;
        get_into(b, to, from);
        make_half(b, rotation, u);
    } else {
        make_half(b, rotation, u);
        get_into(b, to, from);
    }
    emit_shift_imm(&b->e, SIZE32, SHIFT_ROR, rm_reg(to), (uint8_t)count);
    put(b, d->rd, to);
}
