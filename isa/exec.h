/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * exec.h - the executable specification of PZ32: one instruction, run on one hart. Used by the
 * `spec` engine for everything, by the monitor to emulate what trapped, and by the tests as the
 * reference. Interrupts, delivery of traps and time are left to the callers.
 */
#ifndef PZ_ISA_EXEC_H
#define PZ_ISA_EXEC_H

#include "isa/exec_env.h"

/*
 * Run one decoded instruction. True: it retired, pc and the retired count have advanced, `event`
 * is set. False: it trapped, `trap` says why, and the hart is unchanged.
 */
bool exec_insn(struct exec_env *env, const struct insn *insn) PZ_MUST_CHECK;

/*
 * A deprivileged CPU refuses the instruction, to a hart in virtual supervisor mode. Run it on the
 * hart's own CSRs, as a translator does, unless whoever runs the hart has to act: then it traps, as
 * always. That is when an interrupt becomes deliverable, when the mapping changes (mode, satp, SUM,
 * MXR), and where the instruction's row says that more than the hart is concerned. Results as
 * exec_insn(); nothing is left to do but count it (`translated`), so there is no event.
 */
bool exec_in_place(struct exec_env *env, const struct insn *insn) PZ_MUST_CHECK;

/* Fetch the instruction at pc, 16 or 32 bits. False: it trapped. */
bool exec_fetch(struct exec_env *env, uint32_t *raw) PZ_MUST_CHECK;

/* Fetch, decode and run the instruction at pc. */
bool exec_step(struct exec_env *env) PZ_MUST_CHECK;

#endif
