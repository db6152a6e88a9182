/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * translate.h - binary translation of a guest's kernel, as VMware did it (Adams & Agesen, ASPLOS
 * 2006). In virtual supervisor mode the CPU runs a translation, in which a privileged instruction
 * is code on the virtual hart in memory. It exits only where the monitor has to act: see
 * exec_in_place(). Virtual user mode is executed directly, as by the plain monitor. That requires
 * less of an instruction set than Theorem 1 does, and no more than Theorem 3: whatever is sensitive
 * in supervisor mode only is translated, so it need not trap.
 *
 * The engine translates. While the host wants to see each instruction that is translated, because
 * it asks what has changed (stops.h), or is told (struct vmm_host), the monitor runs the same ones
 * itself: nobody can tell by any count.
 *
 * A load or store of the kernel that keeps faulting becomes a callout (adapt.h): the engine offers
 * it to the monitor before it executes it. One that is not offered traps, and is no exit all the
 * same.
 */
#ifndef PZ_VMM_TRANSLATE_H
#define PZ_VMM_TRANSLATE_H

#include "isa/engine/engine.h"
#include "vmm/hosted.h"
#include "vmm/vm.h"

/* Of a VM that is translated: does the engine run privileged instructions in place? The monitor? */
void translate_choose_in_place(const struct vm *vm, struct engine_space *space);

static inline void translate_choose(const struct vm *vm, struct engine_space *space)
{
    if (PZ_HOSTED && vm->config.monitor == VM_TRANSLATE)
        translate_choose_in_place(vm, space);
}

/*
 * The engine has trapped, with the decoded instruction if it has that. True: it would not have but
 * for `asked`, and the instruction has been run: there was no exit.
 */
bool translate_ran(struct vm *vm, const struct trap *trap, const struct insn *insn);

/* Only these may be callouts. */
static inline bool translate_is_access(const struct trap *trap)
{
    return trap->cause == CAUSE_LOAD_PAGE_FAULT || trap->cause == CAUSE_STORE_PAGE_FAULT;
}

/* The same for an access. True: it was a callout, which has been made. Anything may come of it. */
bool translate_called(struct vm *vm, const struct trap *trap, const struct insn *insn);

#endif
