/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * vcpu.h - a virtual CPU on the real one: entry, exit, and the accounts of both.
 */
#ifndef PZ_VMM_VCPU_H
#define PZ_VMM_VCPU_H

#include "vmm/vm.h"

/*
 * One stay on the CPU: interrupts are looked at, the CPU is set to this world, the guest runs
 * until a trap or until `most` instructions have retired, and the trap is handled. After `cut`
 * instructions it ends too, but so that nothing comes out differently when it is entered again.
 */
void vcpu_enter(struct vm *vm, uint64_t most, uint64_t cut);

/*
 * Stays on the CPU one after the other, until `most` have retired in all, the VM has ended or
 * yields, or vmm->halt is set. Comes to the same as vcpu_enter() again and again, but the engine
 * is left only at the end.
 */
void vcpu_stay(struct vm *vm, uint64_t most);

/* The instructions that the VM may retire now: its limit, the horizon. 0: none. */
uint64_t vcpu_allowance(const struct vm *vm);

/* Go on after waiting, if the time has come; false: it waits still. */
bool vcpu_awake(struct vm *vm) PZ_MUST_CHECK;

/* The monitor's own way of telling (parts.h). */
bool vcpu_awake_own(struct vm *vm) PZ_MUST_CHECK;

#endif
