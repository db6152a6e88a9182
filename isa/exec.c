/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * exec.c - one step of a hart: fetch, decode, and the function of the instruction's row, by a table
 * made of insns.def. What each instruction does is in exec_integer.c, exec_memory.c and
 * exec_system.c.
 */
#include "isa/exec.h"

#include "isa/csr_fields.h"
#include "isa/decode.h"
#include "isa/exec_rows.h"
#include "isa/mem.h"
#include "isa/variant.h"

static exec_function *const exec_table[INSN_COUNT] = {
#define INSN(id, name, match, mask, format, privilege, sensitivity, decides)                   \
    [INSN_##id] = exec_##id,
#include "isa/insns.def"
#undef INSN
};

__attribute__((noinline)) bool exec_refused(struct exec_env *env, const struct insn *insn)
{
    if (exec_is_in_place(env))
        return exec_in_place(env, insn);
    return variant_refuse(env, insn) && exec_retire(env);
}

static inline bool by_table(struct exec_env *env, const struct insn *insn)
{
    return exec_table[insn->id](env, insn);
}

bool exec_insn(struct exec_env *env, const struct insn *insn)
{
    return exec_insn_by(env, insn, by_table);
}

bool exec_fetch(struct exec_env *env, uint32_t *raw)
{
    return mem_fetch(env, env->hart->pc, raw);
}

bool exec_step(struct exec_env *env)
{
    struct insn insn;
    uint32_t raw;

    if (!exec_fetch(env, &raw))
        return false;
    insn = decode_insn(raw);
    return exec_insn(env, &insn);
}
