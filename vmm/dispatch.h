/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * dispatch.h - the dispatcher, one of Popek & Goldberg's three parts of a monitor: the CPU has
 * trapped while a guest ran; decide what that means and who is to handle it.
 */
#ifndef PZ_VMM_DISPATCH_H
#define PZ_VMM_DISPATCH_H

#include "vmm/vm.h"

/*
 * Handle one trap of the engine. `most` is how many instructions may retire meanwhile. `event`
 * has the state before; action, insn and count are filled in.
 */
void dispatch_trap(struct vm *vm, const struct trap *trap, uint64_t most,
                   struct trace_event *event);

#endif
