/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * exec_rows.h - helpers of the instructions' functions (exec_integer.c, exec_memory.c,
 * exec_system.c), of which there is one for each row of insns.def. A function returns false if the
 * instruction traps, having changed nothing but env->trap. Each cites the section of the RISC-V
 * Unprivileged ISA (20191213) or Privileged ISA (20211203) that defines it.
 */
#ifndef PZ_ISA_EXEC_ROWS_H
#define PZ_ISA_EXEC_ROWS_H

#include "isa/exec_env.h"
#include "isa/insn.h"

typedef bool exec_function(struct exec_env *env, const struct insn *insn);

#define INSN(id, name, match, mask, format, privilege, sensitivity, decides)                   \
    exec_function exec_##id;
#include "isa/insns.def"
#undef INSN

/* The operands, read from the hart, by their names in the manuals. */
static inline uint32_t exec_rs1(const struct exec_env *env, const struct insn *insn)
{
    return env->hart->x[insn->rs1];
}

static inline uint32_t exec_rs2(const struct exec_env *env, const struct insn *insn)
{
    return env->hart->x[insn->rs2];
}

static inline uint32_t exec_imm(const struct insn *insn)
{
    return (uint32_t)insn->imm;
}

/* Write rd and retire; x0 stays zero. */
static inline bool exec_set_rd(struct exec_env *env, const struct insn *insn, uint32_t value)
{
    env->hart->x[insn->rd] = value;
    env->hart->x[0] = 0;
    return true;
}

static inline bool exec_retire(struct exec_env *env)
{
    env->hart->pc = env->next_pc;
    env->hart->retired++;
    return true;
}

/* What becomes of an instruction that its mode does not have. */
bool exec_refused(struct exec_env *env, const struct insn *insn);

/* exec_insn(), with a way to call the function of the instruction's row. */
static PZ_IN_LINE bool exec_insn_by(struct exec_env *env, const struct insn *insn,
                                    exec_function *row)
{
    env->event = EXEC_NOTHING;
    env->next_pc = env->hart->pc + insn->len;
    if (!exec_permitted(env, insn))
        return exec_refused(env, insn);
    return row(env, insn) && exec_retire(env);
}

static inline bool exec_trap(struct exec_env *env, uint32_t cause, uint32_t tval)
{
    env->trap = (struct trap){.cause = cause, .tval = tval};
    return false;
}

#endif
