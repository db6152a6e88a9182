/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * hostregs.h - what each x86-64 register holds while translated code runs. Everything that emits
 * code, and the trampolines that enter and leave it, follow this table.
 *
 *   rax rcx rdx            scratch within one guest instruction; arguments of exits. rax also has
 *                          the result of the instruction before, if that is a guest register in
 *                          memory (batch.carried). rcx and rdx hold guest registers within a
 *                          batch that has lent them (registers.c)
 *   rbx rsi rdi r8..r13    nine guest registers, zero-extended: host_of_guest[], but within a
 *                          batch that has swapped some for others (registers.c)
 *   rbp                    the hart, HART_BIAS bytes in: every field within one signed byte
 *   r14                    the window of the current struct space (window.c); its load, store,
 *                          fetch and jump tables are before that
 *   r15                    instructions left in the budget
 *   rsp                    the host's stack, 16-byte aligned
 *
 * The other guest registers stay in the hart's x[]. Nothing is cached across instructions but
 * what is listed here, so that any instruction can leave after undoing the swaps and storing nine
 * registers.
 */
#ifndef PZ_ISA_ENGINE_JIT_HOSTREGS_H
#define PZ_ISA_ENGINE_JIT_HOSTREGS_H

#include <stddef.h>

#include "isa/engine/jit/emit.h"
#include "isa/hart.h"

#define HART_REG RBP
#define SPACE_REG R14
#define LEFT_REG R15
#define HART_BIAS 64

/* The host register of a guest register; 0 (rax, never one) for those in memory. */
extern const uint8_t host_of_guest[32];

static inline struct host_rm rm_guest_memory(unsigned guest)
{
    return rm_mem(HART_REG, (int32_t)(offsetof(struct hart, x) + 4 * guest) - HART_BIAS);
}

#endif
