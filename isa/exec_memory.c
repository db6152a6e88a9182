/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * exec_memory.c - loads, stores, fences and atomic instructions. mem.c does the accesses
 * themselves.
 */
#include "isa/exec_rows.h"
#include "isa/mem.h"

/* ---- Loads: 2.6 ---- */

static bool load(struct exec_env *env, const struct insn *insn, unsigned width, uint32_t *value)
{
    return mem_load(env, exec_rs1(env, insn) + exec_imm(insn), width, value);
}

bool exec_lb(struct exec_env *env, const struct insn *insn)
{
    uint32_t value;

    return load(env, insn, 1, &value) && exec_set_rd(env, insn, (uint32_t)(int8_t)value);
}

bool exec_lh(struct exec_env *env, const struct insn *insn)
{
    uint32_t value;

    return load(env, insn, 2, &value) && exec_set_rd(env, insn, (uint32_t)(int16_t)value);
}

bool exec_lw(struct exec_env *env, const struct insn *insn)
{
    uint32_t value;

    return load(env, insn, 4, &value) && exec_set_rd(env, insn, value);
}

bool exec_lbu(struct exec_env *env, const struct insn *insn)
{
    uint32_t value;

    return load(env, insn, 1, &value) && exec_set_rd(env, insn, value);
}

bool exec_lhu(struct exec_env *env, const struct insn *insn)
{
    uint32_t value;

    return load(env, insn, 2, &value) && exec_set_rd(env, insn, value);
}

/* ---- Stores: 2.6 ---- */

static bool store(struct exec_env *env, const struct insn *insn, unsigned width)
{
    return mem_store(env, exec_rs1(env, insn) + exec_imm(insn), width, exec_rs2(env, insn));
}

bool exec_sb(struct exec_env *env, const struct insn *insn)
{
    return store(env, insn, 1);
}

bool exec_sh(struct exec_env *env, const struct insn *insn)
{
    return store(env, insn, 2);
}

bool exec_sw(struct exec_env *env, const struct insn *insn)
{
    return store(env, insn, 4);
}

/* ---- Memory ordering: 2.7; one hart, in order, has nothing to do ---- */

bool exec_fence(struct exec_env *env, const struct insn *insn)
{
    if (insn_is_pause(insn))
        env->event = EXEC_PAUSE;
    return true;
}

/* Chapter 3 (Zifencei). */
bool exec_fence_i(struct exec_env *env, const struct insn *insn)
{
    (void)insn;
    env->event = EXEC_FENCE_I;
    return true;
}

/*
 * With several harts, one that finds memory as it has left it may wait for another: an AMO that
 * changes nothing, as of a lock that is taken, and an LR whose reservation was there already, as in
 * a loop that waits for a value before its SC.
 */
static void spins_if(struct exec_env *env, bool unchanged)
{
    if (unchanged)
        env->event = EXEC_PAUSE;
}

/* ---- Load-reserved and store-conditional: 8.2 ---- */

bool exec_lr_w(struct exec_env *env, const struct insn *insn)
{
    struct reservation *reservation = &env->hart->reservation;
    uint32_t va = exec_rs1(env, insn), value;
    uint8_t *host;
    uint64_t pa;

    if (va & 3)
        return exec_trap(env, CAUSE_LOAD_MISALIGNED, va);
    if (!mem_locate(env, va, ACCESS_LOAD, &host, &pa))
        return false;
    if (!host) /* no device supports reservations */
        return exec_trap(env, CAUSE_LOAD_ACCESS, va);
    value = load_le32(host);
    spins_if(env, reservation->valid && reservation->va == va && reservation->value == value);
    *reservation = (struct reservation){.valid = true, .va = va, .value = value};
    return exec_set_rd(env, insn, value);
}

/* Stores if the reservation is still valid; rd is 0 on success, else 1. */
bool exec_sc_w(struct exec_env *env, const struct insn *insn)
{
    struct reservation *reservation = &env->hart->reservation;
    uint32_t va = exec_rs1(env, insn), value = exec_rs2(env, insn);
    bool success;
    uint8_t *host;
    uint64_t pa;

    if (va & 3)
        return exec_trap(env, CAUSE_STORE_MISALIGNED, va);
    if (!mem_locate(env, va, ACCESS_STORE, &host, &pa))
        return false;
    if (!host)
        return exec_trap(env, CAUSE_STORE_ACCESS, va);
    success =
        reservation->valid && reservation->va == va && reservation->value == load_le32(host);
    if (success) {
        store_le32(host, value);
        mem_wrote(env, pa, 4);
    }
    reservation->valid = false; /* by any SC, whether or not it succeeds */
    return exec_set_rd(env, insn, !success);
}

/* ---- Atomic memory operations: 8.4. Load and store at once, with a store's rights ---- */

typedef uint32_t amo_op(uint32_t memory, uint32_t operand);

static bool amo(struct exec_env *env, const struct insn *insn, amo_op *op)
{
    uint32_t va = exec_rs1(env, insn), old, new;
    uint8_t *host;
    uint64_t pa;

    if (va & 3)
        return exec_trap(env, CAUSE_STORE_MISALIGNED, va);
    if (!mem_locate(env, va, ACCESS_STORE, &host, &pa))
        return false;
    if (!host && !mem_io(env, va, pa, ACCESS_LOAD, 4, &old))
        return exec_trap(env, CAUSE_STORE_ACCESS, va);
    if (host)
        old = load_le32(host);
    new = op(old, exec_rs2(env, insn));
    if (!host && !mem_io(env, va, pa, ACCESS_STORE, 4, &new))
        return false;
    if (host) {
        spins_if(env, new == old);
        store_le32(host, new);
        mem_wrote(env, pa, 4);
    }
    return exec_set_rd(env, insn, old);
}

static uint32_t op_swap(uint32_t memory, uint32_t operand)
{
    (void)memory;
    return operand;
}

static uint32_t op_add(uint32_t memory, uint32_t operand)
{
    return memory + operand;
}

static uint32_t op_xor(uint32_t memory, uint32_t operand)
{
    return memory ^ operand;
}

static uint32_t op_and(uint32_t memory, uint32_t operand)
{
    return memory & operand;
}

static uint32_t op_or(uint32_t memory, uint32_t operand)
{
    return memory | operand;
}

static uint32_t op_min(uint32_t memory, uint32_t operand)
{
    return (int32_t)memory < (int32_t)operand ? memory : operand;
}

static uint32_t op_max(uint32_t memory, uint32_t operand)
{
    return (int32_t)memory > (int32_t)operand ? memory : operand;
}

static uint32_t op_minu(uint32_t memory, uint32_t operand)
{
    return memory < operand ? memory : operand;
}

static uint32_t op_maxu(uint32_t memory, uint32_t operand)
{
    return memory > operand ? memory : operand;
}

bool exec_amoswap_w(struct exec_env *env, const struct insn *insn)
{
    return amo(env, insn, op_swap);
}

bool exec_amoadd_w(struct exec_env *env, const struct insn *insn)
{
    return amo(env, insn, op_add);
}

bool exec_amoxor_w(struct exec_env *env, const struct insn *insn)
{
    return amo(env, insn, op_xor);
}

bool exec_amoand_w(struct exec_env *env, const struct insn *insn)
{
    return amo(env, insn, op_and);
}

bool exec_amoor_w(struct exec_env *env, const struct insn *insn)
{
    return amo(env, insn, op_or);
}

bool exec_amomin_w(struct exec_env *env, const struct insn *insn)
{
    return amo(env, insn, op_min);
}

bool exec_amomax_w(struct exec_env *env, const struct insn *insn)
{
    return amo(env, insn, op_max);
}

bool exec_amominu_w(struct exec_env *env, const struct insn *insn)
{
    return amo(env, insn, op_minu);
}

bool exec_amomaxu_w(struct exec_env *env, const struct insn *insn)
{
    return amo(env, insn, op_maxu);
}
