/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * interpret.h - the interpreters, one of Popek & Goldberg's three parts of a monitor: they run
 * single guest instructions with isa/exec.c on the *virtual* hart, in its virtual mode, on
 * guest-physical memory and devices, and then update the monitor's own state to match.
 */
#ifndef PZ_VMM_INTERPRET_H
#define PZ_VMM_INTERPRET_H

#include "vmm/vm.h"

/*
 * Run the decoded instruction at the virtual pc. False: it traps in its virtual mode too, and
 * `*trap` is the trap to deliver to the guest; nothing else has changed.
 */
bool interpret_insn(struct vm *vm, const struct insn *insn, struct trap *trap) PZ_MUST_CHECK;

/*
 * A fast version for use without probes, replaced parts or variants. `*event` is the effect. False:
 * the instruction traps, and nothing has changed; the full version yields the trap.
 */
bool interpret_quietly(struct vm *vm, const struct insn *insn,
                       enum exec_event *event) PZ_MUST_CHECK;

/* The fast version for a load, store or AMO, which needs no update of the monitor's state. */
bool interpret_access_quietly(struct vm *vm, const struct insn *insn) PZ_MUST_CHECK;

/*
 * Fetch and run the instruction at the virtual pc; `*insn` is the one fetched. False: as for
 * interpret_insn().
 */
bool interpret_step(struct vm *vm, struct insn *insn, struct trap *trap) PZ_MUST_CHECK;

/* Could an interrupt have become deliverable, or could the CPU be needed elsewhere? */
bool interpret_must_look(const struct vm *vm);

/*
 * WFI has retired: wait, if there is anything to wait for. interpret_wait_own() is the monitor's
 * own implementation of this part (parts.h).
 */
void interpret_wait(struct vm *vm);
void interpret_wfi(struct vm *vm);

/*
 * Start interpreting the page at the virtual pc: at most `most` instructions, and not past the
 * timer.
 */
void interpret_page_begin(struct vm *vm, uint64_t most);

/*
 * Interpret until the pc leaves the page, the allowed number of instructions has retired, something
 * happens that the caller must check, or (false) the guest takes a trap. It also returns after
 * `cut` instructions, with vm->cpu->interpreting not 0: then call it again.
 */
bool interpret_page(struct vm *vm, uint64_t cut, uint32_t *count,
                    struct trap *trap) PZ_MUST_CHECK;

#endif
