/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * state.h - registers and devices of a VM as named fields, and back. What the monitor derives from
 * them is not among them; nor is an exit that was cut: it is an interpreted page, whose
 * instructions are simply the next ones.
 */
#ifndef PZ_TOOLS_SNAPSHOT_STATE_H
#define PZ_TOOLS_SNAPSHOT_STATE_H

#include <jansson.h>

#include "vmm/vmm.h"

/* Of one VM. NULL: no memory. */
json_t *state_vm(struct vm *vm);

/*
 * Put them into a VM of the same options that has not run. False: a field is missing, or has a
 * value that no run leads to.
 */
bool state_vm_restore(struct vm *vm, const json_t *fields) PZ_MUST_CHECK;

/* Whose turn it is; `vms` are those that count, in their order. */
json_t *state_turn(const struct vmm *vmm, const struct vm *vms);
bool state_turn_restore(struct vmm *vmm, struct vm *vms, const json_t *fields) PZ_MUST_CHECK;

#endif
