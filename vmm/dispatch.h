/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * dispatch.h - the dispatcher, one of Popek & Goldberg's three parts of a monitor: it is called
 * when the CPU has trapped while a guest ran, and decides which handler takes the trap.
 */
#ifndef PZ_VMM_DISPATCH_H
#define PZ_VMM_DISPATCH_H

#include "vmm/vm.h"

/*
 * Handle one trap of the engine, which may have decoded the instruction (`insn`, else NULL). At
 * most `most` instructions retire meanwhile. `event` holds the state before the exit; this call
 * fills in action, insn and count. It also returns after `cut` instructions, with
 * vm->cpu->interpreting set: the exit must then be resumed with dispatch_go_on().
 */
void dispatch_trap(struct vm *vm, const struct trap *trap, const struct insn *insn,
                   uint64_t most, uint64_t cut, struct trace_event *event);

/*
 * A fast path for the most common exits when nothing observes them: an illegal-instruction trap
 * whose instruction is decoded and runs on the virtual CPU. True: the exit was handled as by
 * dispatch_trap() and its caller, but counted only under its instruction; `*event` is the effect.
 * False: nothing was done.
 */
bool dispatch_quietly(struct vm *vm, const struct insn *insn,
                      enum exec_event *event) PZ_MUST_CHECK;

/* Update the remaining counters, except host time, for `emulated` exits of the fast path. */
void dispatch_count_quiet(struct vm *vm, size_t emulated);

/* Count ECALLs from virtual user mode that an engine has delivered itself. */
void dispatch_count_passed(struct vm *vm, size_t calls);

/* The fast path for a trap in virtual user mode, which is injected. */
void dispatch_pass_quietly(struct vm *vm, const struct trap *trap);

/* The fast path for a firmware call; and for any ECALL of a guest kernel, hypercalls included. */
void dispatch_serve_quietly(struct vm *vm);
void dispatch_call_quietly(struct vm *vm);

/*
 * The fast path for a page fault of the decoded load, store or AMO at the pc. DISPATCH_FILLED: a
 * shadow entry was made, and the access must be retried. DISPATCH_ACCESSED: the access was
 * emulated. DISPATCH_NOTHING: nothing was done; use dispatch_trap().
 */
enum dispatch_fault { DISPATCH_NOTHING, DISPATCH_FILLED, DISPATCH_ACCESSED };
enum dispatch_fault dispatch_fault_quietly(struct vm *vm, const struct trap *trap,
                                           const struct insn *insn) PZ_MUST_CHECK;

/*
 * Try a callout (adapt.h) for a load or store in virtual supervisor mode at the pc, for which the
 * shadow has no entry. True: it accessed a device or a watched page table, and was emulated and
 * counted as a callout; `*action` is what its exit would have done. False: nothing was done that
 * cannot be repeated.
 */
bool dispatch_callout(struct vm *vm, const struct insn *insn, uint32_t va, enum access access,
                      enum trace_action *action) PZ_MUST_CHECK;

/* Resume an exit that was cut short; it may be cut again. */
void dispatch_go_on(struct vm *vm, uint64_t cut, struct trace_event *event);

#endif
