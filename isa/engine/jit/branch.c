/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * branch.c - branches and jumps: comparisons that end a block two ways, jumps to known targets
 * by direct links, others through the space's jump table.
 */
#include "isa/engine/jit/translate.h"

static enum host_cond condition(enum insn_id id)
{
    switch (id) {
    case INSN_beq: return COND_E;
    case INSN_bne: return COND_NE;
    case INSN_blt: return COND_L;
    case INSN_bge: return COND_GE;
    case INSN_bltu: return COND_B;
    default: return COND_AE;
    }
}

/* The condition on (b, a) that is equivalent to `cond` on (a, b). */
static enum host_cond swapped(enum host_cond cond)
{
    switch (cond) {
    case COND_L: return COND_G;
    case COND_GE: return COND_LE;
    case COND_B: return COND_A;
    case COND_AE: return COND_BE;
    default: return cond;
    }
}

/* On x86 `test r, r` sets the flags as a comparison with 0 does, in fewer bytes. */
static void compare_constant(struct batch *b, unsigned guest, uint32_t value)
{
    unsigned reg = guest == b->carried ? RAX : b->host[guest];

    if (value == 0 && (reg || guest == b->carried))
        emit_test(&b->e, SIZE32, reg, reg);
    else
        emit_alu_imm(&b->e, SIZE32, ALU_CMP, rm_guest(b, guest), (int32_t)value);
}

enum host_cond branch_compare(struct batch *b, const struct insn *insn)
{
    enum host_cond cond = condition((enum insn_id)insn->id);

    if (is_known(b, insn->rs1) && !is_known(b, insn->rs2)) {
        compare_constant(b, insn->rs2, b->value[insn->rs1]);
        return swapped(cond);
    }
    if (is_known(b, insn->rs2)) {
        if (insn->rs1 == 0) {
            get_into(b, RAX, 0);
            emit_alu_imm(&b->e, SIZE32, ALU_CMP, rm_reg(RAX), (int32_t)b->value[insn->rs2]);
        } else {
            compare_constant(b, insn->rs1, b->value[insn->rs2]);
        }
        return cond;
    }
    if (!b->host[insn->rs1] && insn->rs1 != b->carried && b->host[insn->rs2]) {
        registers_compare(b, insn->rs2, insn->rs1); /* the other is an operand in memory */
        return swapped(cond);
    }
    registers_compare(b, insn->rs1, insn->rs2);
    return cond;
}

/* Does the path end at pc because it comes to a block of its batch? */
static bool joins(const struct batch *b, uint32_t pc)
{
    return code_same_page(b, pc) && code_is_there(b, pc) && code_own_block(b, pc);
}

void translate_branch(struct batch *b, const struct insn *insn)
{
    enum host_cond cond = branch_compare(b, insn);
    uint32_t taken = b->pc + (uint32_t)insn->imm, next = b->pc + insn->len;

    code_note_head(b, taken);
    if (b->tail) {
        exit_aside(b, emit_jcc(&b->e, cond), taken);
        return;
    }
    if (code_is_tail(b, taken) && !code_nears_tail(b, next)) { /* likely: a turn ends here */
        exit_to(b, emit_jcc(&b->e, cond ^ 1), next);
        exit_end_at(b, taken);
        return;
    }
    if (joins(b, next) && !code_own_block(b, taken) && !exit_copies(b, next)) {
        exit_to(b, emit_jcc(&b->e, cond ^ 1), next);
        exit_to(b, emit_jmp(&b->e), taken);
        b->ended = true;
        return;
    }
    exit_to(b, emit_jcc(&b->e, cond), taken);
    exit_end_at(b, next);
}

void translate_jal(struct batch *b, const struct insn *insn)
{
    code_note_head(b, b->pc + (uint32_t)insn->imm);
    put_constant(b, insn->rd, b->pc + insn->len);
    exit_end_at(b, b->pc + (uint32_t)insn->imm);
}

/*
 * Looks up the target in eax; if it is missing, run.c enters it. So it does if the lowest bit is
 * set, which no entry has: to clear it here would take time on every jump.
 */
static void jump_by_table(struct batch *b, bool guess)
{
    size_t table = offsetof(struct space, jump);
    uint8_t *miss;

    registers_leave(b);
    if (guess)
        guess_emit(b);
    /* One 16-byte entry for every two bytes of code: pc is scaled by 8. */
    emit_mov(&b->e, SIZE32, RCX, rm_reg(RAX));
    emit_alu_imm(&b->e, SIZE32, ALU_AND, rm_reg(RCX), (JUMPS - 1) * 2);
    emit_alu(&b->e, SIZE64, ALU_CMP, RAX,
             rm_space_index(RCX, 3, table + offsetof(struct jump_entry, va)));
    miss = emit_jcc(&b->e, COND_NE);
    emit_jmp_rm(&b->e, rm_space_index(RCX, 3, table + offsetof(struct jump_entry, code)));
    emit_target(miss, b->jit->exits[REASON_LOOKUP]);
}

void translate_jalr(struct batch *b, const struct insn *insn)
{
    uint32_t next = b->pc + insn->len;

    if (is_known(b, insn->rs1)) {
        uint32_t target = (b->value[insn->rs1] + (uint32_t)insn->imm) & ~1u;

        put_constant(b, insn->rd, next);
        exit_end_at(b, target);
        return;
    }
    if (b->host[insn->rs1] && insn->imm) {
        emit_lea(&b->e, SIZE32, RAX, rm_mem(b->host[insn->rs1], insn->imm));
    } else {
        get_into(b, RAX, insn->rs1);
        if (insn->imm)
            emit_alu_imm(&b->e, SIZE32, ALU_ADD, rm_reg(RAX), insn->imm);
    }
    put_constant(b, insn->rd, next);
    b->switches |= code_is_switch(insn);
    jump_by_table(b, guess_pays(b, insn));
    b->ended = true;
}
