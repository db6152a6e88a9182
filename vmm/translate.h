/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * translate.h - binary translation of a guest's kernel, as VMware did it (Adams & Agesen, ASPLOS
 * 2006). In virtual supervisor mode the CPU runs a translation, in which a privileged instruction
 * is code on the virtual hart in memory. It exits only where the monitor has to act: see
 * exec_in_place(). Virtual user mode is executed directly, as by the plain monitor. This requires
 * less of an instruction set than Popek & Goldberg's Theorem 1, and no more than Theorem 3: an
 * instruction that is sensitive only in supervisor mode is translated, so it need not trap.
 *
 * The engine translates. While the host observes each translated instruction, through stops
 * (stops.h) or events (struct vmm_host), the monitor runs these instructions itself; no count shows
 * the difference.
 *
 * A load or store of the kernel that keeps faulting becomes a callout (adapt.h): the engine offers
 * it to the monitor before executing it. If the engine does not, the instruction traps, but this is
 * not counted as an exit either.
 */
#ifndef PZ_VMM_TRANSLATE_H
#define PZ_VMM_TRANSLATE_H

#include "isa/engine/engine.h"
#include "vmm/hosted.h"
#include "vmm/vm.h"

/* Choose who runs a translated VM's privileged instructions in place: the engine or the monitor. */
void translate_choose_in_place(const struct vm *vm, struct engine_space *space);

static inline void translate_choose(const struct vm *vm, struct engine_space *space)
{
    if (PZ_HOSTED && vm->config.monitor == VM_TRANSLATE)
        translate_choose_in_place(vm, space);
}

/*
 * The engine has trapped, with the decoded instruction if known. True: it trapped only because of
 * `asked`, and the instruction has been run, so this was not an exit.
 */
bool translate_ran(struct vm *vm, const struct trap *trap, const struct insn *insn);

/* Only page faults on loads and stores may be callouts. */
static inline bool translate_is_access(const struct trap *trap)
{
    return trap->cause == CAUSE_LOAD_PAGE_FAULT || trap->cause == CAUSE_STORE_PAGE_FAULT;
}

/*
 * The counterpart for a load or store. True: it was a callout, and has been performed, with any
 * effect.
 */
bool translate_called(struct vm *vm, const struct trap *trap, const struct insn *insn);

#endif
