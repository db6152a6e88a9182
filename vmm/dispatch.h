/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * dispatch.h - the dispatcher, one of Popek & Goldberg's three parts of a monitor: the CPU has
 * trapped while a guest ran; decide what that means and who is to handle it.
 */
#ifndef PZ_VMM_DISPATCH_H
#define PZ_VMM_DISPATCH_H

#include "vmm/vm.h"

/*
 * Handle one trap of the engine, which may have decoded the instruction (`insn`, else NULL).
 * `most` is how many instructions may retire meanwhile. `event` has the state before; action,
 * insn and count are filled in. After `cut` instructions it comes back too, with vm->cpu->interpreting
 * set: the exit is then to be gone on with.
 */
void dispatch_trap(struct vm *vm, const struct trap *trap, const struct insn *insn,
                   uint64_t most, uint64_t cut, struct trace_event *event);

/*
 * The commonest exit in short, when nobody watches: an illegal instruction, decoded, that the
 * virtual CPU can run. True: all was done and counted that dispatch_trap() and its caller would
 * have, but for host time; `*event` is what the instruction did. False: nothing was done.
 */
bool dispatch_quietly(struct vm *vm, const struct insn *insn,
                      enum exec_event *event) PZ_MUST_CHECK;

/* Go on with an exit that was cut; perhaps to be cut again. */
void dispatch_go_on(struct vm *vm, uint64_t cut, struct trace_event *event);

#endif
