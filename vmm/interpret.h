/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * interpret.h - the interpreters, one of Popek & Goldberg's three parts of a monitor: they run
 * single instructions of a guest by isa/exec.c on the *virtual* hart, in its virtual mode, over
 * guest-physical memory with its devices, and then bring the monitor's own state into line.
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
 * A shorter version, for when there are no probes, replaced parts or variants. `*event`: its
 * effect. False: it traps, and nothing has changed; the full version says how.
 */
bool interpret_quietly(struct vm *vm, const struct insn *insn,
                       enum exec_event *event) PZ_MUST_CHECK;

/* The same for a load, store or AMO: there is nothing to bring into line. */
bool interpret_access_quietly(struct vm *vm, const struct insn *insn) PZ_MUST_CHECK;

/* The same, with the instruction fetched at the virtual pc. `*insn` is what was fetched. */
bool interpret_step(struct vm *vm, struct insn *insn, struct trap *trap) PZ_MUST_CHECK;

/* Could an interrupt have become deliverable, or the CPU be wanted elsewhere? */
bool interpret_must_look(const struct vm *vm);

/* WFI has retired: wait, if there is anything to wait for. The second: by the monitor's part. */
void interpret_wait(struct vm *vm);
void interpret_wfi(struct vm *vm);

/* Interpret the page from the virtual pc on: at most `most` instructions, up to the timer. */
void interpret_page_begin(struct vm *vm, uint64_t most);

/*
 * Run until the pc leaves the page, as many instructions as allowed have retired, something
 * happened that the caller must check, or (false) the guest takes a trap. It also returns after
 * `cut` instructions, with vm->cpu->interpreting not 0: then call it again.
 */
bool interpret_page(struct vm *vm, uint64_t cut, uint32_t *count,
                    struct trap *trap) PZ_MUST_CHECK;

#endif
