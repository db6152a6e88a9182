/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * insn.c - one instruction of a block: translated by its function in the table, or left to
 * isa/exec. The functions are in alu.c, memory.c, atomic.c and branch.c.
 */
#include "isa/engine/jit/translate.h"

/* By instruction; NULL: left to isa/exec. */
static translate_function *const translators[INSN_COUNT] = {
    [INSN_lb] = translate_load,
    [INSN_lh] = translate_load,
    [INSN_lw] = translate_load,
    [INSN_lbu] = translate_load,
    [INSN_lhu] = translate_load,
    [INSN_fence] = translate_fence,
    [INSN_fence_i] = translate_nothing,
    [INSN_addi] = translate_arith,
    [INSN_slti] = translate_set,
    [INSN_sltiu] = translate_set,
    [INSN_xori] = translate_arith,
    [INSN_ori] = translate_arith,
    [INSN_andi] = translate_arith,
    [INSN_slli] = translate_shift,
    [INSN_srli] = translate_shift,
    [INSN_srai] = translate_shift,
    [INSN_auipc] = translate_auipc,
    [INSN_sb] = translate_store,
    [INSN_sh] = translate_store,
    [INSN_sw] = translate_store,
    [INSN_add] = translate_arith,
    [INSN_sub] = translate_arith,
    [INSN_sll] = translate_shift,
    [INSN_slt] = translate_set,
    [INSN_sltu] = translate_set,
    [INSN_xor] = translate_arith,
    [INSN_srl] = translate_shift,
    [INSN_sra] = translate_shift,
    [INSN_or] = translate_arith,
    [INSN_and] = translate_arith,
    [INSN_mul] = translate_mul,
    [INSN_mulh] = translate_mulh,
    [INSN_mulhsu] = translate_mulhsu,
    [INSN_mulhu] = translate_mulh,
    [INSN_div] = translate_div,
    [INSN_divu] = translate_div,
    [INSN_rem] = translate_div,
    [INSN_remu] = translate_div,
    [INSN_lui] = translate_lui,
    [INSN_beq] = translate_branch,
    [INSN_bne] = translate_branch,
    [INSN_blt] = translate_branch,
    [INSN_bge] = translate_branch,
    [INSN_bltu] = translate_branch,
    [INSN_bgeu] = translate_branch,
    [INSN_lr_w] = translate_lr,
    [INSN_sc_w] = translate_sc,
    [INSN_amoswap_w] = translate_amo,
    [INSN_amoadd_w] = translate_amo,
    [INSN_amoxor_w] = translate_amo,
    [INSN_amoand_w] = translate_amo,
    [INSN_amoor_w] = translate_amo,
    [INSN_amomin_w] = translate_amo_minmax,
    [INSN_amomax_w] = translate_amo_minmax,
    [INSN_amominu_w] = translate_amo_minmax,
    [INSN_amomaxu_w] = translate_amo_minmax,
    [INSN_jalr] = translate_jalr,
    [INSN_jal] = translate_jal,
};

/* Left to isa/exec, called inline: the call's stub does not return if it traps. */
static void call_exec(struct batch *b, const struct insn *insn)
{
    struct stub *stub = exit_stub(b, STUB_INSN, b->pc);

    stub->site[0] = emit_jmp(&b->e);
    stub->back = b->e.at;
    stub->raw = insn->raw;
    b->known &= ~(1u << insn->rd) | 1;
    b->low[insn->rd] = 0;
}

/* Instructions that may change the mode or the mapping, or can only trap, end the block. */
static bool is_system(const struct insn *insn)
{
    return insn->id == INSN_ILLEGAL || insn->id >= INSN_ecall;
}

bool insn_is_branch(const struct insn *insn)
{
    return insn->id != INSN_ILLEGAL && insn_desc((enum insn_id)insn->id)->format == FORMAT_B;
}

bool insn_leaves(const struct view *view, const struct insn *insn)
{
    return is_system(insn) && !csr_is_translated(view, insn);
}

static void leave_for_system(struct batch *b, const struct insn *insn)
{
    emit_alu_imm(&b->e, SIZE64, ALU_ADD, rm_reg(LEFT_REG), 1);
    registers_leave(b);
    emit_mov_imm(&b->e, RDX, insn->raw);
    exit_emit(b, REASON_INSN, b->pc);
    b->ended = true;
}

/* Does its translation know what rax carries, and from which on rax is something else? */
static bool is_careful(const struct view *view, const struct insn *insn)
{
    if (insn_leaves(view, insn) || csr_is_translated(view, insn) || !translators[insn->id])
        return false;
    switch (insn_desc((enum insn_id)insn->id)->format) {
    case FORMAT_R: return insn->id <= INSN_mul;
    case FORMAT_I:
    case FORMAT_SHIFT:
    case FORMAT_LOAD:
    case FORMAT_STORE:
    case FORMAT_B:
    case FORMAT_JALR: return true;
    default: return false;
    }
}

void insn_translate(struct batch *b, const struct insn *insn)
{
    bool careful = is_careful(b->view, insn);

    if (!careful)
        b->carried = 0;
    registers_count(b, insn);
    tell_mark(b, JIT_INSN, b->pc);
    if (insn_leaves(b->view, insn))
        leave_for_system(b, insn);
    else if (csr_is_translated(b->view, insn))
        translate_csr(b, insn);
    else if (translators[insn->id])
        translators[insn->id](b, insn);
    else
        call_exec(b, insn);
    if (!careful)
        b->produced = 0;
}
