/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * exec_system.c - environment calls, trap return, WFI, translation fences, and CSR access. CSR
 * values are left to csr.c, and the effects of a trap return to hart.c.
 */
#include "isa/csr.h"
#include "isa/exec_rows.h"
#include "isa/variant.h"

/* ---- System: 2.8; Privileged ISA 3.3 ---- */

bool exec_ecall(struct exec_env *env, const struct insn *insn)
{
    (void)insn;
    if (exec_mode(env) == HART_USER)
        return exec_trap(env, CAUSE_ECALL_USER, 0);
    return exec_trap(env, env->hgatp ? CAUSE_ECALL_VIRTUAL : CAUSE_ECALL_SUPERVISOR, 0);
}

bool exec_ebreak(struct exec_env *env, const struct insn *insn)
{
    (void)insn;
    return exec_trap(env, CAUSE_BREAKPOINT, env->hart->pc);
}

/* Privileged ISA 3.3.2. */
bool exec_sret(struct exec_env *env, const struct insn *insn)
{
    (void)insn;
    hart_sret(env->hart);
    env->next_pc = env->hart->pc;
    env->event = EXEC_SRET;
    return true;
}

/*
 * Privileged ISA 3.3.3. The caller does the waiting, because it owns the time. In non-root mode
 * it has to: as with VTW set in hstatus (8.6.1).
 */
bool exec_wfi(struct exec_env *env, const struct insn *insn)
{
    if (env->hgatp)
        return exec_trap(env, CAUSE_VIRTUAL_INSN, insn->raw);
    env->event = EXEC_WFI;
    return true;
}

/* Privileged ISA 4.2.1. */
bool exec_sfence_vma(struct exec_env *env, const struct insn *insn)
{
    env->event = EXEC_SFENCE_VMA;
    env->fence = (struct exec_fence){
        .one_va = insn->rs1 != 0,
        .one_asid = insn->rs2 != 0,
        .va = exec_rs1(env, insn),
        .asid = exec_rs2(env, insn) & SATP_ASID_MASK,
    };
    return true;
}

/* ---- CSR access: Unprivileged ISA 9.1 ---- */

typedef uint32_t csr_op(uint32_t old, uint32_t operand);

/* Nobody writes a counter. Apart, so that an access to any other CSR calls no function. */
static __attribute__((noinline)) bool read_counter(struct exec_env *env,
                                                   const struct insn *insn)
{
    return exec_set_rd(env, insn, csr_read(env->hart, (enum csr_id)insn->csr));
}

/*
 * Reads and, with `write`, modifies. For set and clear, the caller derives `write` from the
 * *number* of rs1 (or the immediate), not from its value. The caller has checked that the CSR
 * exists and that the mode may access it. Inline, because nothing is emulated more often.
 */
static PZ_IN_LINE bool access_csr(struct exec_env *env, const struct insn *insn, csr_op *op,
                                  uint32_t operand, bool write)
{
    enum csr_id id = (enum csr_id)insn->csr;
    uint32_t old;

    if (write && csr_read_only(exec_imm(insn)))
        return variant_refuse(env, insn);
    if (csr_counts(id))
        return read_counter(env, insn);
    memcpy(&old, (const uint8_t *)env->hart + csr_place(id)->offset, sizeof old);
    if (write) {
        csr_write(env->hart, id, op(old, operand));
        if (csr_decides(id))
            env->event = EXEC_CSR;
    }
    return exec_set_rd(env, insn, old);
}

static uint32_t op_write(uint32_t old, uint32_t operand)
{
    (void)old;
    return operand;
}

static uint32_t op_set(uint32_t old, uint32_t operand)
{
    return old | operand;
}

static uint32_t op_clear(uint32_t old, uint32_t operand)
{
    return old & ~operand;
}

bool exec_csrrw(struct exec_env *env, const struct insn *insn)
{
    return access_csr(env, insn, op_write, exec_rs1(env, insn), true);
}

bool exec_csrrs(struct exec_env *env, const struct insn *insn)
{
    return access_csr(env, insn, op_set, exec_rs1(env, insn), insn->rs1 != 0);
}

bool exec_csrrc(struct exec_env *env, const struct insn *insn)
{
    return access_csr(env, insn, op_clear, exec_rs1(env, insn), insn->rs1 != 0);
}

/* The immediate forms have a 5-bit value in place of rs1. */
bool exec_csrrwi(struct exec_env *env, const struct insn *insn)
{
    return access_csr(env, insn, op_write, insn->rs1, true);
}

bool exec_csrrsi(struct exec_env *env, const struct insn *insn)
{
    return access_csr(env, insn, op_set, insn->rs1, insn->rs1 != 0);
}

bool exec_csrrci(struct exec_env *env, const struct insn *insn)
{
    return access_csr(env, insn, op_clear, insn->rs1, insn->rs1 != 0);
}
