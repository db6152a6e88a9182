/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * vcpu.h - a virtual CPU on the real one: entry, exit, and the accounting of both.
 */
#ifndef PZ_VMM_VCPU_H
#define PZ_VMM_VCPU_H

#include "vmm/vm.h"

/*
 * One stay on the CPU: interrupts are checked, the CPU is set to this world, the guest runs
 * until a trap or until `most` instructions have retired, and the trap is handled. It also ends
 * after `cut` instructions, in such a way that entering again gives the same run.
 */
void vcpu_enter(struct vm *vm, uint64_t most, uint64_t cut);

/*
 * Stays on the CPU one after the other, until `most` instructions have retired in all, the VM has
 * ended or yields, or vmm->halt is set. The same as repeated vcpu_enter(), but the engine returns
 * only at the end.
 */
void vcpu_stay(struct vm *vm, uint64_t most);

/* The instructions that the VM may retire now, by its limit and the horizon. 0: none. */
uint64_t vcpu_allowance(const struct vm *vm);

/* Resume after waiting, if the time has come; false: it is still waiting. */
bool vcpu_awake(struct vm *vm) PZ_MUST_CHECK;

/* The monitor's own part (parts.h). */
bool vcpu_awake_own(struct vm *vm) PZ_MUST_CHECK;

#endif
