/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * exec_env.h - the environment of an instruction: the hart, its memory, its mode and address space;
 * and the results.
 */
#ifndef PZ_ISA_EXEC_ENV_H
#define PZ_ISA_EXEC_ENV_H

#include "isa/csr.h"
#include "isa/sv32.h"

/* Effects of an instruction that the code running the hart must act on. */
enum exec_event {
    EXEC_NOTHING,
    EXEC_CSR,        /* wrote a CSR that affects mapping or interrupts: csr_decides() */
    EXEC_SRET,       /* likewise, by a return from a trap */
    EXEC_WFI,        /* waits, unless hart_wakeup() */
    EXEC_FENCE_I,    /* instruction memory may have changed */
    EXEC_PAUSE,      /* seems to spin, waiting for another hart */
    EXEC_SFENCE_VMA, /* translations may have changed: struct exec_fence */
};

/* SFENCE.VMA's operands: a register number of 0 means "every". */
struct exec_fence {
    bool one_va, one_asid;
    uint32_t va, asid;
};

struct variant_cpu;

/* What a walk has found for an access. */
struct exec_located {
    uint64_t where; /* as by sv32_locate() */
    uint32_t va;
    enum access access;
};

/* Where and how a hart's instructions run. */
struct exec_env {
    struct hart *hart;
    struct phys *phys;

    /*
     * Deprivileged, the CPU is in user mode under the page table `root` (a satp value), whatever
     * hart->mode and hart->satp say: that is how a monitor runs a virtual CPU.
     */
    bool deprivileged;
    uint32_t root;
    bool in_place; /* deprivileged: run privileged instructions by exec_in_place()... */
    bool asked;    /* ...which traps on all of them, for the user to run */

    /*
     * In non-root mode (V = 1 in the hypervisor extension) the hart is in its own mode, and its
     * physical addresses pass this second stage (sv32.h). 0: it is not.
     */
    uint32_t hgatp;
    struct sv32_kept *kept; /* cache of its results; NULL: none */
    sv32_walker *walk;      /* of both stages; NULL: sv32_translate() */

    /* Results of the last instruction. */
    struct trap trap; /* if it trapped; hart->pc is then the epc, nothing else has changed */
    enum exec_event event;
    struct exec_fence fence; /* with EXEC_SFENCE_VMA */
    uint32_t next_pc;
    struct exec_located located; /* of the last part of an access, unless `walk` made it */
    uint64_t translated; /* instructions that have retired in place, counted on and on */

    const struct variant_cpu *variant; /* a broken instruction set (variant.h); NULL: PZ32 */
};

/* The mode that privilege is checked against. */
static inline enum hart_mode exec_mode(const struct exec_env *env)
{
    return env->deprivileged ? HART_USER : (enum hart_mode)env->hart->mode;
}

/*
 * Is it an instruction, in this mode? If not, exec_insn() will refuse it, or do what one of the
 * CPU's variants defines.
 */
static inline bool exec_permitted(const struct exec_env *env, const struct insn *insn)
{
    _Static_assert((int)INSN_USER == HART_USER && (int)INSN_SUPER == HART_SUPERVISOR &&
                       (int)INSN_NOBODY > HART_SUPERVISOR,
                   "privileges are numbered as modes are");
    return (unsigned)insn->privilege <= (unsigned)exec_mode(env) ||
           (!env->deprivileged && csr_open_to_user(env->hart, (enum csr_id)insn->csr));
}

/* Deprivileged, is it for exec_in_place() to say what becomes of an instruction refused? */
static inline bool exec_is_in_place(const struct exec_env *env)
{
    return env->in_place && env->hart->mode == HART_SUPERVISOR;
}

/* Would it write a CSR that no mode may write? By the number of rs1: Unprivileged ISA 9.1. */
static inline bool exec_writes_read_only(const struct insn *insn)
{
    bool swaps = insn->id == INSN_csrrw || insn->id == INSN_csrrwi;

    return insn->csr != CSR_NONE && csr_read_only((uint32_t)insn->imm) && (swaps || insn->rs1);
}

/*
 * Set the trap of a refused instruction. In non-root mode, what supervisor mode could have run is
 * no illegal instruction but a virtual one (8.6.1).
 */
static inline void exec_refuse(struct exec_env *env, const struct insn *insn)
{
    bool virtual = env->hgatp && insn->privilege == INSN_SUPER &&
                   env->hart->mode == HART_USER && !exec_writes_read_only(insn);

    env->trap.cause = virtual ? CAUSE_VIRTUAL_INSN : CAUSE_ILLEGAL_INSN;
    env->trap.tval = insn->raw;
}

/* The address space that the instructions of `env` run in. */
static inline struct sv32_space exec_space(const struct exec_env *env)
{
    struct sv32_space space;

    if (env->deprivileged)
        return (struct sv32_space){.phys = env->phys, .satp = env->root, .mode = HART_USER};
    space = sv32_space_of(env->hart, env->phys);
    space.hgatp = env->hgatp;
    space.kept = env->kept;
    return space;
}

#endif
