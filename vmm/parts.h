/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * parts.h - the monitor's replaceable parts: a table of functions, one for each row of parts.def.
 * Whoever wants to see what a monitor does without one of them, or with a wrong one, gives it
 * another table; the core is not edited. With vmm_parts_own, which is what a monitor begins with,
 * each is called directly: a replaceable part costs the test of a pointer.
 *
 * A replacement is a function part_NAME() of the type below. What it answers is believed: one that
 * breaks its word may take the process with it, so whose code it is, and in which process, is for
 * those to think of who load it.
 *
 *   sret            SRET at the virtual CPU `hart`. False: in its mode it traps, `*trap` is what
 *                   the guest shall see, and nothing else has changed. True: it has returned; pc
 *                   is where it went. Counting it is done by the caller.
 *   sstatus_read    what a read of sstatus gives the guest
 *   sstatus_write   the guest writes `value`: what of it does the register keep (WARL)?
 *   pmap_translate  the machine address of a guest-physical one; a page is attached if there is
 *                   none yet (pmap.h)
 *   pmap_lookup     the same, but nothing is attached: MPA_NONE where nothing is
 *   walk            walk the guest's page table as its hardware would (sv32_translate())
 *   shadow_key      what decides which shadow the virtual CPU `hart` needs (shadow.h)
 *   shadow_rights   PTE_R, PTE_W, PTE_X that a shadow entry may have, for a guest's leaf entry as
 *                   it is used in `space`
 *   load_world      the guest is about to run: bring `cpu` to what the virtual CPU has
 *   save_world      it has run: bring the virtual CPU to what `cpu` has. Of a hart, user mode uses
 *                   x, pc and the reservation; counts and CSRs are not theirs.
 *   interrupt       look for an interrupt before an entry: its scause value, or 0; makes the timer
 *                   pending if its time has come
 *   budget          instructions that may retire before the timer must be looked at
 *   wait            WFI retired: does the virtual CPU wait, until when, and who runs meanwhile?
 *   awake           may a VM run: is it not waiting, or is its time of waking within the horizon?
 *   interprets      under the hybrid monitor: is the virtual CPU, in its present mode, to be run by
 *                   the interpreter, and not by the CPU?
 */
#ifndef PZ_VMM_PARTS_H
#define PZ_VMM_PARTS_H

#include <stddef.h>

#include "vmm/vmm.h"

struct vmm_parts {
#define PART(name, type, arguments) type(*name) arguments;
#include "vmm/parts.def"
#undef PART
    /* What the functions keep between calls: a part of the machine's state (checkpoint.h). */
    void *data; /* NULL: nothing */
    size_t data_size;
};

/* The monitor's own. */
extern const struct vmm_parts vmm_parts_own;

/* The functions that replace them; the monitor itself has none of these. */
#define PART(name, type, arguments) type part_##name arguments;
#include "vmm/parts.def"
#undef PART

/* Are all parts the monitor's own? */
static inline bool parts_own(const struct vmm *vmm)
{
    return __builtin_expect(vmm->parts == &vmm_parts_own, 1);
}

/*
 * Walk the guest's page table by the part that the monitor has for it. What it allows must be in
 * the rights that are filled then: a VM for which that is not so ends with VM_NO_PROGRESS.
 */
enum sv32_result parts_walk(struct vm *vm, const struct sv32_space *space, uint32_t va,
                            enum access access, struct sv32_walk *walk) PZ_MUST_CHECK;

/*
 * `interrupt` and `budget` of a VM, by whichever parts the monitor has. Those that replace them are
 * about the timer: devices are seen to in any case.
 */
uint32_t parts_interrupt_replaced(struct vm *vm);

static inline uint32_t parts_interrupt(struct vm *vm)
{
    board_advance(&vm->board, hart_time(&vm->cpu->hart));
    return parts_own(vm->vmm) ? board_interrupt(&vm->board, &vm->cpu->hart)
                              : parts_interrupt_replaced(vm);
}

uint64_t parts_budget_replaced(const struct vm *vm);

static inline uint64_t parts_budget(const struct vm *vm)
{
    return parts_own(vm->vmm) ? board_budget(&vm->board, &vm->cpu->hart)
                              : parts_budget_replaced(vm);
}

/* Run a decoded instruction on the virtual CPU, with the parts that the monitor has. */
bool parts_exec(struct vm *vm, struct exec_env *env, const struct insn *insn) PZ_MUST_CHECK;

/*
 * What engine_run() is for the virtual CPU itself: on a CPU that all guests share, with a world
 * switch that may forget something. Where a stay is cut the world is not switched: whatever is
 * forgotten, a turn comes to the same however it is cut.
 */
void parts_run(struct vm *vm, uint64_t budget, struct engine_exit *exit);

#endif
