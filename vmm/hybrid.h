/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * hybrid.h - the hybrid monitor of Popek & Goldberg (1974, theorem 3): in virtual supervisor mode
 * every instruction is interpreted on the virtual hart, and only virtual user mode runs on the CPU.
 * It requires less of an instruction set: an instruction that is sensitive only in supervisor mode
 * need not trap, since the CPU never runs it there.
 */
#ifndef PZ_VMM_HYBRID_H
#define PZ_VMM_HYBRID_H

#include "isa/engine/engine.h"
#include "vmm/vm.h"

/* Must the virtual CPU be interpreted in its current mode? */
bool hybrid_interprets(const struct vm *vm);

/* The monitor's own implementation of this part (parts.h). */
bool hybrid_interprets_own(const struct vm *vm);

/*
 * The interpreter's counterpart of engine_run(): it runs until a trap, or until `budget`
 * instructions have retired, or until something has happened that must be checked before the next
 * entry (ENGINE_BUDGET too).
 */
void hybrid_run(struct vm *vm, uint64_t budget, struct engine_exit *exit);

#endif
