/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * hybrid.h - the hybrid monitor of Popek & Goldberg (1974, theorem 3): in virtual supervisor mode
 * every instruction is interpreted on the virtual hart, and only virtual user mode runs on the
 * CPU. It asks less of an instruction set: an instruction that is sensitive in supervisor mode
 * alone need not trap, since the CPU never gets to run it there.
 */
#ifndef PZ_VMM_HYBRID_H
#define PZ_VMM_HYBRID_H

#include "isa/engine/engine.h"
#include "vmm/vm.h"

/* Is it the interpreter's turn, in the virtual CPU's present mode? */
bool hybrid_interprets(const struct vm *vm);

/* The monitor's own way of choosing, where it is a hybrid one (parts.h). */
bool hybrid_interprets_own(const struct vm *vm);

/*
 * What engine_run() is for the CPU: until a trap, or until `budget` instructions have retired, or
 * (also ENGINE_BUDGET) something has happened that must be looked at before the next entry.
 */
void hybrid_run(struct vm *vm, uint64_t budget, struct engine_exit *exit);

#endif
