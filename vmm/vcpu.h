/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * vcpu.h - a virtual CPU on the real one: entry, exit, and the accounting of both.
 */
#ifndef PZ_VMM_VCPU_H
#define PZ_VMM_VCPU_H

#include "vmm/vm.h"

/*
 * One stay on the CPU: check interrupts, switch the CPU to this world, run the guest until a trap
 * or until `most` instructions have retired, and handle the trap. A stay also ends after `cut`
 * instructions; entering again then continues the same run.
 */
void vcpu_enter(struct vm *vm, uint64_t most, uint64_t cut);

/*
 * Consecutive stays on the CPU, until `most` instructions have retired in all, the VM has ended or
 * yields, or vmm->halt is set. This is equivalent to repeated calls of vcpu_enter(), but the engine
 * returns only at the end.
 */
void vcpu_stay(struct vm *vm, uint64_t most);

/* The number of instructions that the VM may retire now, given its limit and the horizon. */
uint64_t vcpu_allowance(const struct vm *vm);

/* End the VM's wait if its time has come. False: it is still waiting. */
bool vcpu_awake(struct vm *vm) PZ_MUST_CHECK;

/* The monitor's own implementation of this part (parts.h). */
bool vcpu_awake_own(struct vm *vm) PZ_MUST_CHECK;

#endif
