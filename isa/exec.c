/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * exec.c - what each instruction does: one small function a row of insns.def, in the table's
 * order, with the section of the RISC-V Unprivileged ISA (20191213) or Privileged ISA (20211203)
 * that says so. Each returns false when it traps, having changed nothing but env->trap.
 * Reaching memory is mem.c's, CSR contents csr.c's, trap entry hart.c's.
 */
#include "isa/exec.h"

#include "isa/csr.h"
#include "isa/decode.h"
#include "isa/mem.h"
#include "isa/variant.h"

/* The operands, read from the hart by the names that the manuals use. */
static uint32_t rs1(const struct exec_env *env, const struct insn *insn)
{
    return env->hart->x[insn->rs1];
}

static uint32_t rs2(const struct exec_env *env, const struct insn *insn)
{
    return env->hart->x[insn->rs2];
}

static uint32_t imm(const struct insn *insn)
{
    return (uint32_t)insn->imm;
}

/* Write rd and retire; x0 stays zero. */
static bool set_rd(struct exec_env *env, const struct insn *insn, uint32_t value)
{
    env->hart->x[insn->rd] = value;
    env->hart->x[0] = 0;
    return true;
}

static bool trap(struct exec_env *env, uint32_t cause, uint32_t tval)
{
    env->trap = (struct trap){.cause = cause, .tval = tval};
    return false;
}

/* ---- Loads: 2.6 ---- */

static bool load(struct exec_env *env, const struct insn *insn, unsigned width, uint32_t *value)
{
    return mem_load(env, rs1(env, insn) + imm(insn), width, value);
}

static bool exec_lb(struct exec_env *env, const struct insn *insn)
{
    uint32_t value;

    return load(env, insn, 1, &value) && set_rd(env, insn, (uint32_t)(int8_t)value);
}

static bool exec_lh(struct exec_env *env, const struct insn *insn)
{
    uint32_t value;

    return load(env, insn, 2, &value) && set_rd(env, insn, (uint32_t)(int16_t)value);
}

static bool exec_lw(struct exec_env *env, const struct insn *insn)
{
    uint32_t value;

    return load(env, insn, 4, &value) && set_rd(env, insn, value);
}

static bool exec_lbu(struct exec_env *env, const struct insn *insn)
{
    uint32_t value;

    return load(env, insn, 1, &value) && set_rd(env, insn, value);
}

static bool exec_lhu(struct exec_env *env, const struct insn *insn)
{
    uint32_t value;

    return load(env, insn, 2, &value) && set_rd(env, insn, value);
}

/* ---- Memory ordering: 2.7; one hart, in order, has nothing to do ---- */

static bool exec_fence(struct exec_env *env, const struct insn *insn)
{
    (void)env, (void)insn;
    return true;
}

/* Chapter 3 (Zifencei). */
static bool exec_fence_i(struct exec_env *env, const struct insn *insn)
{
    (void)insn;
    env->event = EXEC_FENCE_I;
    return true;
}

/* ---- Register-immediate: 2.4.1 ---- */

static bool exec_addi(struct exec_env *env, const struct insn *insn)
{
    return set_rd(env, insn, rs1(env, insn) + imm(insn));
}

static bool exec_slti(struct exec_env *env, const struct insn *insn)
{
    return set_rd(env, insn, (int32_t)rs1(env, insn) < insn->imm);
}

static bool exec_sltiu(struct exec_env *env, const struct insn *insn)
{
    return set_rd(env, insn, rs1(env, insn) < imm(insn));
}

static bool exec_xori(struct exec_env *env, const struct insn *insn)
{
    return set_rd(env, insn, rs1(env, insn) ^ imm(insn));
}

static bool exec_ori(struct exec_env *env, const struct insn *insn)
{
    return set_rd(env, insn, rs1(env, insn) | imm(insn));
}

static bool exec_andi(struct exec_env *env, const struct insn *insn)
{
    return set_rd(env, insn, rs1(env, insn) & imm(insn));
}

static bool exec_slli(struct exec_env *env, const struct insn *insn)
{
    return set_rd(env, insn, rs1(env, insn) << imm(insn));
}

static bool exec_srli(struct exec_env *env, const struct insn *insn)
{
    return set_rd(env, insn, rs1(env, insn) >> imm(insn));
}

static bool exec_srai(struct exec_env *env, const struct insn *insn)
{
    return set_rd(env, insn, (uint32_t)((int32_t)rs1(env, insn) >> imm(insn)));
}

static bool exec_auipc(struct exec_env *env, const struct insn *insn)
{
    return set_rd(env, insn, env->hart->pc + imm(insn));
}

/* ---- Stores: 2.6 ---- */

static bool store(struct exec_env *env, const struct insn *insn, unsigned width)
{
    return mem_store(env, rs1(env, insn) + imm(insn), width, rs2(env, insn));
}

static bool exec_sb(struct exec_env *env, const struct insn *insn)
{
    return store(env, insn, 1);
}

static bool exec_sh(struct exec_env *env, const struct insn *insn)
{
    return store(env, insn, 2);
}

static bool exec_sw(struct exec_env *env, const struct insn *insn)
{
    return store(env, insn, 4);
}

/* ---- Load-reserved and store-conditional: 8.2 ---- */

static bool exec_lr_w(struct exec_env *env, const struct insn *insn)
{
    uint32_t va = rs1(env, insn), value;
    uint8_t *host;
    uint64_t pa;

    if (va & 3)
        return trap(env, CAUSE_LOAD_MISALIGNED, va);
    if (!mem_locate(env, va, ACCESS_LOAD, &host, &pa))
        return false;
    if (!host) /* no device supports reservations */
        return trap(env, CAUSE_LOAD_ACCESS, va);
    value = load_le32(host);
    env->hart->reservation = (struct reservation){.valid = true, .va = va, .value = value};
    return set_rd(env, insn, value);
}

/* Store, if the reservation still stands; rd says whether it failed. */
static bool exec_sc_w(struct exec_env *env, const struct insn *insn)
{
    struct reservation *reservation = &env->hart->reservation;
    uint32_t va = rs1(env, insn), value = rs2(env, insn);
    bool success;
    uint8_t *host;
    uint64_t pa;

    if (va & 3)
        return trap(env, CAUSE_STORE_MISALIGNED, va);
    if (!mem_locate(env, va, ACCESS_STORE, &host, &pa))
        return false;
    if (!host)
        return trap(env, CAUSE_STORE_ACCESS, va);
    success =
        reservation->valid && reservation->va == va && reservation->value == load_le32(host);
    if (success) {
        store_le32(host, value);
        mem_wrote(env, pa, 4);
    }
    reservation->valid = false; /* by any SC, whether or not it succeeds */
    return set_rd(env, insn, !success);
}

/* ---- Atomic memory operations: 8.4. Load and store at once, with a store's rights ---- */

typedef uint32_t amo_op(uint32_t memory, uint32_t operand);

static bool amo(struct exec_env *env, const struct insn *insn, amo_op *op)
{
    uint32_t va = rs1(env, insn), old, new;
    uint8_t *host;
    uint64_t pa;

    if (va & 3)
        return trap(env, CAUSE_STORE_MISALIGNED, va);
    if (!mem_locate(env, va, ACCESS_STORE, &host, &pa))
        return false;
    if (!host && !mem_io(env, va, pa, ACCESS_LOAD, 4, &old))
        return trap(env, CAUSE_STORE_ACCESS, va);
    if (host)
        old = load_le32(host);
    new = op(old, rs2(env, insn));
    if (!host && !mem_io(env, va, pa, ACCESS_STORE, 4, &new))
        return false;
    if (host) {
        store_le32(host, new);
        mem_wrote(env, pa, 4);
    }
    return set_rd(env, insn, old);
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

static bool exec_amoswap_w(struct exec_env *env, const struct insn *insn)
{
    return amo(env, insn, op_swap);
}

static bool exec_amoadd_w(struct exec_env *env, const struct insn *insn)
{
    return amo(env, insn, op_add);
}

static bool exec_amoxor_w(struct exec_env *env, const struct insn *insn)
{
    return amo(env, insn, op_xor);
}

static bool exec_amoand_w(struct exec_env *env, const struct insn *insn)
{
    return amo(env, insn, op_and);
}

static bool exec_amoor_w(struct exec_env *env, const struct insn *insn)
{
    return amo(env, insn, op_or);
}

static bool exec_amomin_w(struct exec_env *env, const struct insn *insn)
{
    return amo(env, insn, op_min);
}

static bool exec_amomax_w(struct exec_env *env, const struct insn *insn)
{
    return amo(env, insn, op_max);
}

static bool exec_amominu_w(struct exec_env *env, const struct insn *insn)
{
    return amo(env, insn, op_minu);
}

static bool exec_amomaxu_w(struct exec_env *env, const struct insn *insn)
{
    return amo(env, insn, op_maxu);
}

/* ---- Register-register: 2.4.2 ---- */

static bool exec_add(struct exec_env *env, const struct insn *insn)
{
    return set_rd(env, insn, rs1(env, insn) + rs2(env, insn));
}

static bool exec_sub(struct exec_env *env, const struct insn *insn)
{
    return set_rd(env, insn, rs1(env, insn) - rs2(env, insn));
}

static bool exec_sll(struct exec_env *env, const struct insn *insn)
{
    return set_rd(env, insn, rs1(env, insn) << (rs2(env, insn) & 31));
}

static bool exec_slt(struct exec_env *env, const struct insn *insn)
{
    return set_rd(env, insn, (int32_t)rs1(env, insn) < (int32_t)rs2(env, insn));
}

static bool exec_sltu(struct exec_env *env, const struct insn *insn)
{
    return set_rd(env, insn, rs1(env, insn) < rs2(env, insn));
}

static bool exec_xor(struct exec_env *env, const struct insn *insn)
{
    return set_rd(env, insn, rs1(env, insn) ^ rs2(env, insn));
}

static bool exec_srl(struct exec_env *env, const struct insn *insn)
{
    return set_rd(env, insn, rs1(env, insn) >> (rs2(env, insn) & 31));
}

static bool exec_sra(struct exec_env *env, const struct insn *insn)
{
    return set_rd(env, insn, (uint32_t)((int32_t)rs1(env, insn) >> (rs2(env, insn) & 31)));
}

static bool exec_or(struct exec_env *env, const struct insn *insn)
{
    return set_rd(env, insn, rs1(env, insn) | rs2(env, insn));
}

static bool exec_and(struct exec_env *env, const struct insn *insn)
{
    return set_rd(env, insn, rs1(env, insn) & rs2(env, insn));
}

/* ---- Multiplication: 7.1 ---- */

static bool exec_mul(struct exec_env *env, const struct insn *insn)
{
    return set_rd(env, insn, rs1(env, insn) * rs2(env, insn));
}

static bool exec_mulh(struct exec_env *env, const struct insn *insn)
{
    int64_t product = (int64_t)(int32_t)rs1(env, insn) * (int32_t)rs2(env, insn);

    return set_rd(env, insn, (uint32_t)((uint64_t)product >> 32));
}

static bool exec_mulhsu(struct exec_env *env, const struct insn *insn)
{
    int64_t product = (int64_t)(int32_t)rs1(env, insn) * rs2(env, insn);

    return set_rd(env, insn, (uint32_t)((uint64_t)product >> 32));
}

static bool exec_mulhu(struct exec_env *env, const struct insn *insn)
{
    return set_rd(env, insn, (uint32_t)(((uint64_t)rs1(env, insn) * rs2(env, insn)) >> 32));
}

/* ---- Division: 7.2, table 7.1. By zero and overflow give values, never traps ---- */

static bool exec_div(struct exec_env *env, const struct insn *insn)
{
    int32_t a = (int32_t)rs1(env, insn), b = (int32_t)rs2(env, insn);

    if (b == 0)
        return set_rd(env, insn, UINT32_MAX);
    if (a == INT32_MIN && b == -1)
        return set_rd(env, insn, (uint32_t)INT32_MIN);
    return set_rd(env, insn, (uint32_t)(a / b));
}

static bool exec_divu(struct exec_env *env, const struct insn *insn)
{
    uint32_t a = rs1(env, insn), b = rs2(env, insn);

    return set_rd(env, insn, b ? a / b : UINT32_MAX);
}

static bool exec_rem(struct exec_env *env, const struct insn *insn)
{
    int32_t a = (int32_t)rs1(env, insn), b = (int32_t)rs2(env, insn);

    if (b == 0)
        return set_rd(env, insn, (uint32_t)a);
    if (a == INT32_MIN && b == -1)
        return set_rd(env, insn, 0);
    return set_rd(env, insn, (uint32_t)(a % b));
}

static bool exec_remu(struct exec_env *env, const struct insn *insn)
{
    uint32_t a = rs1(env, insn), b = rs2(env, insn);

    return set_rd(env, insn, b ? a % b : a);
}

static bool exec_lui(struct exec_env *env, const struct insn *insn)
{
    return set_rd(env, insn, imm(insn));
}

/* ---- Conditional branches: 2.5.2. With C, every target is aligned well enough ---- */

static bool branch(struct exec_env *env, const struct insn *insn, bool taken)
{
    if (taken)
        env->next_pc = env->hart->pc + imm(insn);
    return true;
}

static bool exec_beq(struct exec_env *env, const struct insn *insn)
{
    return branch(env, insn, rs1(env, insn) == rs2(env, insn));
}

static bool exec_bne(struct exec_env *env, const struct insn *insn)
{
    return branch(env, insn, rs1(env, insn) != rs2(env, insn));
}

static bool exec_blt(struct exec_env *env, const struct insn *insn)
{
    return branch(env, insn, (int32_t)rs1(env, insn) < (int32_t)rs2(env, insn));
}

static bool exec_bge(struct exec_env *env, const struct insn *insn)
{
    return branch(env, insn, (int32_t)rs1(env, insn) >= (int32_t)rs2(env, insn));
}

static bool exec_bltu(struct exec_env *env, const struct insn *insn)
{
    return branch(env, insn, rs1(env, insn) < rs2(env, insn));
}

static bool exec_bgeu(struct exec_env *env, const struct insn *insn)
{
    return branch(env, insn, rs1(env, insn) >= rs2(env, insn));
}

/* ---- Unconditional jumps: 2.5.1 ---- */

static bool exec_jalr(struct exec_env *env, const struct insn *insn)
{
    env->next_pc = (rs1(env, insn) + imm(insn)) & ~1u;
    return set_rd(env, insn, env->hart->pc + insn->len);
}

static bool exec_jal(struct exec_env *env, const struct insn *insn)
{
    env->next_pc = env->hart->pc + imm(insn);
    return set_rd(env, insn, env->hart->pc + insn->len);
}

/* ---- System: 2.8; Privileged ISA 3.3 ---- */

static bool exec_ecall(struct exec_env *env, const struct insn *insn)
{
    (void)insn;
    return trap(env, exec_mode(env) == HART_USER ? CAUSE_ECALL_USER : CAUSE_ECALL_SUPERVISOR,
                0);
}

static bool exec_ebreak(struct exec_env *env, const struct insn *insn)
{
    (void)insn;
    return trap(env, CAUSE_BREAKPOINT, env->hart->pc);
}

/* Privileged ISA 3.3.2. */
static bool exec_sret(struct exec_env *env, const struct insn *insn)
{
    (void)insn;
    hart_sret(env->hart);
    env->next_pc = env->hart->pc;
    env->event = EXEC_SRET;
    return true;
}

/* Privileged ISA 3.3.3. Waiting is for the caller: it owns the time. */
static bool exec_wfi(struct exec_env *env, const struct insn *insn)
{
    (void)insn;
    env->event = EXEC_WFI;
    return true;
}

/* Privileged ISA 4.2.1. */
static bool exec_sfence_vma(struct exec_env *env, const struct insn *insn)
{
    env->event = EXEC_SFENCE_VMA;
    env->fence = (struct exec_fence){
        .one_va = insn->rs1 != 0,
        .one_asid = insn->rs2 != 0,
        .va = rs1(env, insn),
        .asid = rs2(env, insn) & SATP_ASID_MASK,
    };
    return true;
}

/* ---- CSR access: Unprivileged ISA 9.1 ---- */

typedef uint32_t csr_op(uint32_t old, uint32_t operand);

/*
 * Read and, with `write`, modify: decided for a set or clear by the register's *number* (or the
 * immediate), not by its value; the caller says. That there is such a CSR, and that the mode may
 * access it, has been seen to. In line, as nothing is emulated so often.
 */
static PZ_IN_LINE bool access_csr(struct exec_env *env, const struct insn *insn, csr_op *op,
                                  uint32_t operand, bool write)
{
    enum csr_id id = (enum csr_id)insn->csr;
    uint32_t old;

    if (write && csr_read_only(imm(insn)))
        return variant_refuse(env, insn);
    old = csr_read(env->hart, id);
    if (write) {
        csr_write(env->hart, id, op(old, operand));
        if (csr_decides(id))
            env->event = EXEC_CSR;
    }
    return set_rd(env, insn, old);
}

static uint32_t op_set(uint32_t old, uint32_t operand)
{
    return old | operand;
}

static uint32_t op_clear(uint32_t old, uint32_t operand)
{
    return old & ~operand;
}

static bool exec_csrrw(struct exec_env *env, const struct insn *insn)
{
    return access_csr(env, insn, op_swap, rs1(env, insn), true);
}

static bool exec_csrrs(struct exec_env *env, const struct insn *insn)
{
    return access_csr(env, insn, op_set, rs1(env, insn), insn->rs1 != 0);
}

static bool exec_csrrc(struct exec_env *env, const struct insn *insn)
{
    return access_csr(env, insn, op_clear, rs1(env, insn), insn->rs1 != 0);
}

/* The immediate forms hold a 5-bit value where the others name rs1. */
static bool exec_csrrwi(struct exec_env *env, const struct insn *insn)
{
    return access_csr(env, insn, op_swap, insn->rs1, true);
}

static bool exec_csrrsi(struct exec_env *env, const struct insn *insn)
{
    return access_csr(env, insn, op_set, insn->rs1, insn->rs1 != 0);
}

static bool exec_csrrci(struct exec_env *env, const struct insn *insn)
{
    return access_csr(env, insn, op_clear, insn->rs1, insn->rs1 != 0);
}

/* ---- The table, and the step around it ---- */

typedef bool exec_function(struct exec_env *env, const struct insn *insn);

static exec_function *const exec_table[INSN_COUNT] = {
#define INSN(id, name, match, mask, format, privilege, sensitivity) [INSN_##id] = exec_##id,
#include "isa/insns.def"
#undef INSN
};

static bool retire(struct exec_env *env)
{
    env->hart->pc = env->next_pc;
    env->hart->retired++;
    return true;
}

bool exec_insn(struct exec_env *env, const struct insn *insn)
{
    env->event = EXEC_NOTHING;
    env->next_pc = env->hart->pc + insn->len;
    if (!exec_permitted(env, insn))
        return variant_refuse(env, insn) && retire(env);
    return exec_table[insn->id](env, insn) && retire(env);
}

bool exec_fetch(struct exec_env *env, uint32_t *raw)
{
    uint32_t pc = env->hart->pc, high;

    if (!mem_fetch(env, pc, raw))
        return false;
    if (!insn_is_wide(*raw))
        return true;
    if (!mem_fetch(env, pc + 2, &high))
        return false;
    *raw |= high << 16;
    return true;
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

struct sv32_space exec_space(const struct exec_env *env)
{
    if (env->deprivileged)
        return (struct sv32_space){.phys = env->phys, .satp = env->root, .mode = HART_USER};
    return sv32_space_of(env->hart, env->phys);
}
