/* SPDX-License-Identifier: GPL-2.0-or-later */
/* exec_integer.c - arithmetic, jumps and branches: instructions that use registers only. */
#include "isa/exec_rows.h"

/* ---- Register-immediate: 2.4.1 ---- */

bool exec_addi(struct exec_env *env, const struct insn *insn)
{
    return exec_set_rd(env, insn, exec_rs1(env, insn) + exec_imm(insn));
}

bool exec_slti(struct exec_env *env, const struct insn *insn)
{
    return exec_set_rd(env, insn, (int32_t)exec_rs1(env, insn) < insn->imm);
}

bool exec_sltiu(struct exec_env *env, const struct insn *insn)
{
    return exec_set_rd(env, insn, exec_rs1(env, insn) < exec_imm(insn));
}

bool exec_xori(struct exec_env *env, const struct insn *insn)
{
    return exec_set_rd(env, insn, exec_rs1(env, insn) ^ exec_imm(insn));
}

bool exec_ori(struct exec_env *env, const struct insn *insn)
{
    return exec_set_rd(env, insn, exec_rs1(env, insn) | exec_imm(insn));
}

bool exec_andi(struct exec_env *env, const struct insn *insn)
{
    return exec_set_rd(env, insn, exec_rs1(env, insn) & exec_imm(insn));
}

bool exec_slli(struct exec_env *env, const struct insn *insn)
{
    return exec_set_rd(env, insn, exec_rs1(env, insn) << exec_imm(insn));
}

bool exec_srli(struct exec_env *env, const struct insn *insn)
{
    return exec_set_rd(env, insn, exec_rs1(env, insn) >> exec_imm(insn));
}

bool exec_srai(struct exec_env *env, const struct insn *insn)
{
    return exec_set_rd(env, insn, (uint32_t)((int32_t)exec_rs1(env, insn) >> exec_imm(insn)));
}

bool exec_auipc(struct exec_env *env, const struct insn *insn)
{
    return exec_set_rd(env, insn, env->hart->pc + exec_imm(insn));
}

/* ---- Register-register: 2.4.2 ---- */

bool exec_add(struct exec_env *env, const struct insn *insn)
{
    return exec_set_rd(env, insn, exec_rs1(env, insn) + exec_rs2(env, insn));
}

bool exec_sub(struct exec_env *env, const struct insn *insn)
{
    return exec_set_rd(env, insn, exec_rs1(env, insn) - exec_rs2(env, insn));
}

bool exec_sll(struct exec_env *env, const struct insn *insn)
{
    return exec_set_rd(env, insn, exec_rs1(env, insn) << (exec_rs2(env, insn) & 31));
}

bool exec_slt(struct exec_env *env, const struct insn *insn)
{
    return exec_set_rd(env, insn, (int32_t)exec_rs1(env, insn) < (int32_t)exec_rs2(env, insn));
}

bool exec_sltu(struct exec_env *env, const struct insn *insn)
{
    return exec_set_rd(env, insn, exec_rs1(env, insn) < exec_rs2(env, insn));
}

bool exec_xor(struct exec_env *env, const struct insn *insn)
{
    return exec_set_rd(env, insn, exec_rs1(env, insn) ^ exec_rs2(env, insn));
}

bool exec_srl(struct exec_env *env, const struct insn *insn)
{
    return exec_set_rd(env, insn, exec_rs1(env, insn) >> (exec_rs2(env, insn) & 31));
}

bool exec_sra(struct exec_env *env, const struct insn *insn)
{
    return exec_set_rd(env, insn,
                       (uint32_t)((int32_t)exec_rs1(env, insn) >> (exec_rs2(env, insn) & 31)));
}

bool exec_or(struct exec_env *env, const struct insn *insn)
{
    return exec_set_rd(env, insn, exec_rs1(env, insn) | exec_rs2(env, insn));
}

bool exec_and(struct exec_env *env, const struct insn *insn)
{
    return exec_set_rd(env, insn, exec_rs1(env, insn) & exec_rs2(env, insn));
}

/* ---- Multiplication: 7.1 ---- */

bool exec_mul(struct exec_env *env, const struct insn *insn)
{
    return exec_set_rd(env, insn, exec_rs1(env, insn) * exec_rs2(env, insn));
}

bool exec_mulh(struct exec_env *env, const struct insn *insn)
{
    int64_t product = (int64_t)(int32_t)exec_rs1(env, insn) * (int32_t)exec_rs2(env, insn);

    return exec_set_rd(env, insn, (uint32_t)((uint64_t)product >> 32));
}

bool exec_mulhsu(struct exec_env *env, const struct insn *insn)
{
    int64_t product = (int64_t)(int32_t)exec_rs1(env, insn) * exec_rs2(env, insn);

    return exec_set_rd(env, insn, (uint32_t)((uint64_t)product >> 32));
}

bool exec_mulhu(struct exec_env *env, const struct insn *insn)
{
    return exec_set_rd(env, insn,
                       (uint32_t)(((uint64_t)exec_rs1(env, insn) * exec_rs2(env, insn)) >> 32));
}

/* ---- Division: 7.2, table 7.1. By zero and overflow give values, never traps ---- */

bool exec_div(struct exec_env *env, const struct insn *insn)
{
    int32_t a = (int32_t)exec_rs1(env, insn), b = (int32_t)exec_rs2(env, insn);

    if (b == 0)
        return exec_set_rd(env, insn, UINT32_MAX);
    if (a == INT32_MIN && b == -1)
        return exec_set_rd(env, insn, (uint32_t)INT32_MIN);
    return exec_set_rd(env, insn, (uint32_t)(a / b));
}

bool exec_divu(struct exec_env *env, const struct insn *insn)
{
    uint32_t a = exec_rs1(env, insn), b = exec_rs2(env, insn);

    return exec_set_rd(env, insn, b ? a / b : UINT32_MAX);
}

bool exec_rem(struct exec_env *env, const struct insn *insn)
{
    int32_t a = (int32_t)exec_rs1(env, insn), b = (int32_t)exec_rs2(env, insn);

    if (b == 0)
        return exec_set_rd(env, insn, (uint32_t)a);
    if (a == INT32_MIN && b == -1)
        return exec_set_rd(env, insn, 0);
    return exec_set_rd(env, insn, (uint32_t)(a % b));
}

bool exec_remu(struct exec_env *env, const struct insn *insn)
{
    uint32_t a = exec_rs1(env, insn), b = exec_rs2(env, insn);

    return exec_set_rd(env, insn, b ? a % b : a);
}

bool exec_lui(struct exec_env *env, const struct insn *insn)
{
    return exec_set_rd(env, insn, exec_imm(insn));
}

/* ---- Conditional branches: 2.5.2. With C, every target is aligned well enough ---- */

static bool branch(struct exec_env *env, const struct insn *insn, bool taken)
{
    if (taken)
        env->next_pc = env->hart->pc + exec_imm(insn);
    return true;
}

bool exec_beq(struct exec_env *env, const struct insn *insn)
{
    return branch(env, insn, exec_rs1(env, insn) == exec_rs2(env, insn));
}

bool exec_bne(struct exec_env *env, const struct insn *insn)
{
    return branch(env, insn, exec_rs1(env, insn) != exec_rs2(env, insn));
}

bool exec_blt(struct exec_env *env, const struct insn *insn)
{
    return branch(env, insn, (int32_t)exec_rs1(env, insn) < (int32_t)exec_rs2(env, insn));
}

bool exec_bge(struct exec_env *env, const struct insn *insn)
{
    return branch(env, insn, (int32_t)exec_rs1(env, insn) >= (int32_t)exec_rs2(env, insn));
}

bool exec_bltu(struct exec_env *env, const struct insn *insn)
{
    return branch(env, insn, exec_rs1(env, insn) < exec_rs2(env, insn));
}

bool exec_bgeu(struct exec_env *env, const struct insn *insn)
{
    return branch(env, insn, exec_rs1(env, insn) >= exec_rs2(env, insn));
}

/* ---- Unconditional jumps: 2.5.1 ---- */

bool exec_jalr(struct exec_env *env, const struct insn *insn)
{
    env->next_pc = (exec_rs1(env, insn) + exec_imm(insn)) & ~1u;
    return exec_set_rd(env, insn, env->hart->pc + insn->len);
}

bool exec_jal(struct exec_env *env, const struct insn *insn)
{
    env->next_pc = env->hart->pc + exec_imm(insn);
    return exec_set_rd(env, insn, env->hart->pc + insn->len);
}
