/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * variant.c - what the changed instructions of variants.def do, one small function for each, as
 * exec_*.c do for the other instructions. Each returns false when it traps.
 */
#include "isa/variant.h"

#include "isa/csr.h"
#include "isa/decode.h"

/*
 * CSR instructions by what they do, as match and mask. By funct3, bits 14..12: 1 and 5 swap; 2, 3,
 * 6 and 7 set or clear, which with rs1 = x0 (or 0) only read; 5 to 7 have an immediate.
 */
#define CSR_ROW(number, match, mask) 0x73u | (number) << 20 | (match), 0xfff0007fu | (mask)
#define CSR_READ(number) CSR_ROW(number, 0x2000u, 0xfa000u)     /* rs1 = x0 */
#define CSR_SWAP(number) CSR_ROW(number, 0x1000u, 0x3f80u)      /* rd = x0 */
#define CSR_MODIFY(number) CSR_ROW(number, 0x2000u, 0x2f80u)    /* rd = x0 */
#define CSR_IMMEDIATE(number) CSR_ROW(number, 0x6000u, 0x6f80u) /* rd = x0 */

/* decode_insn() does not set the operands of an illegal instruction. */
static unsigned rd(const struct insn *insn)
{
    return insn->bits >> 7 & 31;
}

static unsigned rs1(const struct insn *insn)
{
    return insn->bits >> 15 & 31;
}

static bool set_rd(struct exec_env *env, const struct insn *insn, uint32_t value)
{
    env->hart->x[rd(insn)] = value;
    env->hart->x[0] = 0;
    return true;
}

static bool nothing(struct exec_env *env, const struct insn *insn)
{
    (void)env, (void)insn;
    return true;
}

/*
 * JRST has the target in the instruction. Here it is in ra, so the jump depends on no
 * privileged state.
 */
static bool sret_jumps(struct exec_env *env, const struct insn *insn)
{
    enum { RA = 1 };

    (void)insn;
    env->next_pc = env->hart->x[RA] & ~1u;
    return true;
}

static bool read_sstatus(struct exec_env *env, const struct insn *insn)
{
    return set_rd(env, insn,
                  env->deprivileged ? env->variant->real_sstatus : env->hart->sstatus);
}

static bool read_stvec(struct exec_env *env, const struct insn *insn)
{
    return set_rd(env, insn, env->deprivileged ? env->variant->real_stvec : env->hart->stvec);
}

static bool read_satp(struct exec_env *env, const struct insn *insn)
{
    return set_rd(env, insn, env->deprivileged ? env->root : env->hart->satp);
}

/* The real CPU's count, for whichever guest it was executing. */
static uint64_t count(const struct exec_env *env)
{
    const struct variant_cpu *cpu = env->variant;
    uint64_t monitor = env->deprivileged && cpu->exits ? *cpu->exits * cpu->exit_insns : 0;

    return env->hart->retired + monitor;
}

static bool read_count(struct exec_env *env, const struct insn *insn)
{
    return set_rd(env, insn, (uint32_t)count(env));
}

static bool read_counth(struct exec_env *env, const struct insn *insn)
{
    return set_rd(env, insn, (uint32_t)(count(env) >> 32));
}

/*
 * Translated with the checks of a load. In non-root mode the result is what the first stage makes
 * of the address: the physical address that the guest knows.
 */
static bool lra(struct exec_env *env, const struct insn *insn)
{
    uint32_t va = env->hart->x[rs1(insn)];
    struct sv32_space space = exec_space(env);
    struct sv32_walk walk;
    enum sv32_result result = sv32_translate(&space, va, ACCESS_LOAD, &walk);

    if (result == SV32_OK)
        return set_rd(env, insn, (uint32_t)walk.gpa);
    env->trap = sv32_trap(result, ACCESS_LOAD, va, &walk);
    return false;
}

static bool io_probe(struct exec_env *env, const struct insn *insn)
{
    const struct variant_cpu *cpu = env->variant;

    if (env->deprivileged)
        return set_rd(env, insn, cpu->real_device);
    return set_rd(env, insn, cpu->device ? cpu->device(cpu->owner) : 0);
}

/* ---- The tables ---- */

#define FAILS false
#define HOLDS true
static const struct variant_desc descs[VARIANT_COUNT] = {
#define VARIANT(id, name, theorem1, theorem3, precedent, source, meaning)                      \
    [VARIANT_##id] = {name, precedent, source, meaning, theorem1, theorem3},
#include "isa/variants.def"
};

static const struct variant_change changes[] = {
#define CHANGE(variant, function, ...) {VARIANT_##variant, #function, __VA_ARGS__, function},
#include "isa/variants.def"
};
#define CHANGES (sizeof changes / sizeof changes[0])

const struct variant_desc *variant_desc(enum variant_id id)
{
    return &descs[id];
}

const struct variant_change *variant_change_at(unsigned index)
{
    return index < CHANGES ? &changes[index] : NULL;
}

const struct variant_change *variant_find(uint32_t set, uint32_t bits)
{
    for (unsigned i = 0; i < CHANGES; i++)
        if ((set >> changes[i].variant & 1) && (bits & changes[i].mask) == changes[i].match)
            return &changes[i];
    return NULL;
}

bool variant_refuse(struct exec_env *env, const struct insn *insn)
{
    const struct variant_change *change = NULL;

    if (env->variant)
        change = variant_find(env->variant->set, insn->bits);
    if (change)
        return change->exec(env, insn);
    exec_refuse(env, insn);
    return false;
}
