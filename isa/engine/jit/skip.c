/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * skip.c - branches over one instruction. PZ32 has no conditional moves, and compilers write
 *
 *     beq  a, b, 1f
 *     xor  d, s, t
 *  1:
 *
 * which becomes a conditional move on the host, within one block: nothing to predict. The block
 * charges both instructions, and where the second is skipped it gets one back:
 *
 *     mov  edx, s;  xor edx, t
 *     cmp  a, b
 *     cmovne d, edx
 *     setcc, add r15             by the carry, if it says so: adc r15, 0
 *
 * The result goes to rdx first, since a and b may be d.
 */
#include "isa/engine/jit/translate.h"

/* Computes a register from others, and cannot trap. */
static bool is_plain(const struct insn *insn)
{
    switch (insn_desc((enum insn_id)insn->id)->format) {
    case FORMAT_I:
    case FORMAT_SHIFT:
    case FORMAT_U: return insn->rd != 0;
    case FORMAT_R: return insn->rd != 0 && insn->id <= INSN_mul;
    default: return false;
    }
}

bool skip_find(const struct batch *b, const struct insn *branch, struct insn *skipped)
{
    uint32_t pc = b->pc + branch->len, raw;

    if (!insn_is_branch(branch) || (is_known(b, branch->rs1) && is_known(b, branch->rs2)) ||
        b->block->instructions + 2u > BLOCK_INSNS || !code_same_page(b, pc) ||
        code_is_stop(b, pc) || code_is_head(b, pc) || !code_fetch(b, pc, &raw))
        return false;
    *skipped = *spec_decode(b->jit->spec, raw);
    return skipped->id != INSN_ILLEGAL && is_plain(skipped) &&
           branch->imm == (int32_t)(branch->len + skipped->len);
}

/* The register that it copies, or 0. */
static unsigned copied(const struct batch *b, const struct insn *insn)
{
    unsigned from = insn->id == INSN_addi && insn->imm == 0          ? insn->rs1
                    : insn->id == INSN_add && is_known(b, insn->rs1) ? insn->rs2
                                                                     : 0;

    if (insn->id == INSN_add && b->value[insn->rs1] != 0)
        return 0;
    return is_known(b, from) ? 0 : from;
}

/* What the instruction at pc computes, to edx. All else is as it was, but what rax carries. */
static void compute(struct batch *b, const struct insn *insn, uint32_t pc)
{
    const uint32_t known = b->known, value = b->value[insn->rd], at = b->pc;
    const uint8_t host = b->host[insn->rd], low = b->low[insn->rd];

    if (registers_read(insn) >> insn->rd & 1 && !is_known(b, insn->rd))
        get_into(b, RDX, insn->rd);
    b->host[insn->rd] = RDX;
    b->pc = pc;
    insn_translate(b, insn);
    b->pc = at;
    b->host[insn->rd] = host;
    b->known = known;
    b->value[insn->rd] = value;
    b->low[insn->rd] = low;
    b->carried = 0;
    b->scratch |= 1u << RDX;
}

/* The condition for the branch to be taken; by the carry if that can be. */
static enum host_cond compare(struct batch *b, const struct insn *branch)
{
    bool equal = branch->id == INSN_beq, zero = branch->rs2 == 0 && branch->rs1 != 0;

    if (!zero || (!equal && branch->id != INSN_bne))
        return branch_compare(b, branch);
    emit_alu_imm(&b->e, SIZE32, ALU_CMP, rm_guest(b, branch->rs1), 1);
    return equal ? COND_B : COND_AE;
}

/* rd gets the value unless the branch is taken. Changes no flags. */
static void choose(struct batch *b, unsigned rd, enum host_cond taken, struct host_rm value)
{
    if (b->host[rd]) {
        emit_cmov(&b->e, taken ^ 1, b->host[rd], value);
        return;
    }
    if (value.memory || value.base != RDX)
        emit_mov(&b->e, SIZE32, RDX, value);
    emit_cmov(&b->e, taken, RDX, rm_guest_memory(rd));
    emit_store(&b->e, SIZE32, rm_guest_memory(rd), RDX);
    b->scratch |= 1u << RDX;
}

/* The skipped instruction does not retire. */
static void give_back(struct emit *e, enum host_cond taken)
{
    if (taken == COND_B || taken == COND_AE) {
        emit_alu_imm(e, SIZE64, taken == COND_B ? ALU_ADC : ALU_SBB, rm_reg(LEFT_REG),
                     taken == COND_B ? 0 : -1);
        return;
    }
    emit_setcc(e, taken, RAX);
    emit_extend(e, EXTEND_ZERO8, RAX, rm_reg(RAX));
    emit_alu(e, SIZE64, ALU_ADD, LEFT_REG, rm_reg(RAX));
}

void skip_translate(struct batch *b, const struct insn *branch, const struct insn *skipped)
{
    unsigned from = copied(b, skipped), rd = skipped->rd;
    enum host_cond taken;

    tell_mark(b, JIT_INSN, b->pc);
    if (!from)
        compute(b, skipped, b->pc + branch->len);
    taken = compare(b, branch);
    choose(b, rd, taken, from ? rm_guest(b, from) : rm_reg(RDX));
    give_back(&b->e, taken);
    b->known &= ~(1u << rd);
    b->low[rd] = 0;
    b->carried = b->produced = 0;
}
