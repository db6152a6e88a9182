/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * hybrid.h - the hybrid monitor of Popek & Goldberg (1974, theorem 3): in virtual supervisor mode
 * every instruction is interpreted on the virtual hart, and only virtual user mode runs on the
 * CPU. It requires less of an instruction set: an instruction that is sensitive in supervisor mode
 * only need not trap, since the CPU never runs it there.
 */
#ifndef PZ_VMM_HYBRID_H
#define PZ_VMM_HYBRID_H

#include "isa/engine/engine.h"
#include "vmm/vm.h"

/* Does the interpreter run next, in the virtual CPU's current mode? */
bool hybrid_interprets(const struct vm *vm);

/* The own part of a hybrid monitor (parts.h). */
bool hybrid_interprets_own(const struct vm *vm);

/*
 * The interpreter's counterpart of engine_run(): until a trap, or until `budget` instructions have
 * retired, or (also ENGINE_BUDGET) something has happened that must be checked before the next
 * entry.
 */
void hybrid_run(struct vm *vm, uint64_t budget, struct engine_exit *exit);

#endif
