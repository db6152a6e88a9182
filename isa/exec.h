/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * exec.h - the executable specification of PZ32: one instruction, run on one hart. The `spec`
 * engine runs everything by it, the monitor emulates trapped instructions with it, and tests use it
 * as the reference. Callers handle interrupts, the delivery of traps, and time.
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
 * Run a privileged instruction of a hart in virtual supervisor mode in place: on the hart's own
 * CSRs, as a translator does, although a deprivileged CPU would trap. It still traps if the monitor
 * must act: if an interrupt becomes deliverable, if the mapping changes (mode, satp, SUM, MXR), or
 * if its row says that it affects more than the hart. Results as for exec_insn(), but without an
 * event: the caller only counts it (`translated`).
 */
bool exec_in_place(struct exec_env *env, const struct insn *insn) PZ_MUST_CHECK;

/* Fetch the instruction at pc, 16 or 32 bits. False: it trapped. */
bool exec_fetch(struct exec_env *env, uint32_t *raw) PZ_MUST_CHECK;

/* Fetch, decode and run the instruction at pc. */
bool exec_step(struct exec_env *env) PZ_MUST_CHECK;

#endif
