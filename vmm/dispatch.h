/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * dispatch.h - the dispatcher, one of Popek & Goldberg's three parts of a monitor: the CPU has
 * trapped while a guest ran; it decides what that means and what handles it.
 */
#ifndef PZ_VMM_DISPATCH_H
#define PZ_VMM_DISPATCH_H

#include "vmm/vm.h"

/*
 * Handle one trap of the engine, which may have decoded the instruction (`insn`, else NULL).
 * `most` is how many instructions may retire meanwhile. `event` has the state before; action,
 * insn and count are filled in. It also returns after `cut` instructions, with
 * vm->cpu->interpreting set: the exit must then be resumed.
 */
void dispatch_trap(struct vm *vm, const struct trap *trap, const struct insn *insn,
                   uint64_t most, uint64_t cut, struct trace_event *event);

/*
 * A short path for the most common exits, when nothing observes them: a decoded illegal instruction
 * that the virtual CPU can run. True: everything was done as by dispatch_trap() and its caller, but
 * the exit is counted only as one by this instruction; `*event` is its effect. False: nothing was
 * done.
 */
bool dispatch_quietly(struct vm *vm, const struct insn *insn,
                      enum exec_event *event) PZ_MUST_CHECK;

/* Count so many of them as exits: all else but host time. */
void dispatch_count_quiet(struct vm *vm, size_t emulated);

/* The same for ECALLs of programs that an engine has delivered. */
void dispatch_count_passed(struct vm *vm, size_t calls);

/* The same for a trap in virtual user mode, which is injected. */
void dispatch_pass_quietly(struct vm *vm, const struct trap *trap);

/* The same for a call of the firmware; and for any call of a kernel's, of the monitor, too. */
void dispatch_serve_quietly(struct vm *vm);
void dispatch_call_quietly(struct vm *vm);

/*
 * The same for a page fault of the decoded load, store or AMO at the pc: a shadow entry has been
 * made, and the access is to be tried again; or it has been emulated; or nothing has been done, and
 * it is for dispatch_trap().
 */
enum dispatch_fault { DISPATCH_NOTHING, DISPATCH_FILLED, DISPATCH_ACCESSED };
enum dispatch_fault dispatch_fault_quietly(struct vm *vm, const struct trap *trap,
                                           const struct insn *insn) PZ_MUST_CHECK;

/*
 * A load or store of a virtual supervisor at the pc, which the shadow has no entry for. True: it is
 * to a device or a watched page table, has been emulated without an exit, and counted as a callout
 * (adapt.h); `*action` is what it would have been as an exit. False: nothing has been done that
 * would not be done again.
 */
bool dispatch_callout(struct vm *vm, const struct insn *insn, uint32_t va, enum access access,
                      enum trace_action *action) PZ_MUST_CHECK;

/* Resume an exit that was cut; it may be cut again. */
void dispatch_go_on(struct vm *vm, uint64_t cut, struct trace_event *event);

#endif
