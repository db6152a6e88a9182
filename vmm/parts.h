/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * parts.h - the monitor's replaceable parts: a table of functions, one for each row of parts.def.
 * To see what a monitor does without one of them, or with a wrong one, pass it another table; the
 * core stays unchanged. With vmm_parts_own, the default, each function is called directly: a
 * replaceable part costs the test of a pointer.
 *
 * A replacement is a function part_NAME() of the type below. Its results are trusted: one that
 * breaks its contract may crash the process, so whoever loads it must decide which code to trust,
 * and which process to run it in.
 *
 *   sret            SRET on the virtual CPU `hart`. False: it traps in this mode, `*trap` is the
 *                   trap to deliver to the guest, and nothing else has changed. True: it has
 *                   returned; pc is its target. The caller counts the instruction.
 *   sstatus_read    the value that the guest reads from sstatus
 *   sstatus_write   the guest writes `value`: which bits does the register keep (WARL)?
 *   pmap_translate  the machine address of a guest-physical one; a page is attached if there is
 *                   none yet (pmap.h)
 *   pmap_lookup     the same, but attaches nothing: MPA_NONE if no page is attached
 *   walk            walk the guest's page table as its hardware would (sv32_translate())
 *   two_stage       under hardware assistance, on the engine `spec`: the CPU's walk of both stages.
 *                   sv32_translate() of a space with hgatp; of `walk`, only pa counts, and with a
 *                   guest-page fault gpa and tinst
 *   shadow_key      which shadow the virtual CPU `hart` needs (shadow.h)
 *   shadow_rights   PTE_R, PTE_W, PTE_X that a shadow entry may have, for a guest's leaf entry
 *                   used in `space`
 *   csrrw           under binary translation: the code that stands for a CSRRW of a guest's kernel.
 *                   True: it has read and written; the caller moves pc and counts. The guest runs
 *                   on in its translation: mapping and interrupts are as they were at the last
 *                   exit. False: it has changed nothing, and exits, so the monitor emulates it.
 *   para_update     the hypercall `update` (docs/para.md): the entries of a batch, in order, up to
 *                   the first bad one; the result's value is how many were done
 *   load_world      before the guest runs: load the state of the virtual CPU into `cpu`
 *   save_world      after it has run: save the state of `cpu` in the virtual CPU. User mode uses
 *                   x, pc and the reservation of a hart; counts and CSRs are not included.
 *   interrupt       check for an interrupt before an entry: its scause value, or 0; makes the timer
 *                   pending if its deadline has passed
 *   budget          instructions that may retire before the timer must be checked
 *   wait            WFI retired: does the virtual CPU wait, until when, and who runs meanwhile?
 *   awake           may a VM run: is it not waiting, or is its wake-up time within the horizon?
 *   interprets      under the hybrid monitor: does the interpreter, not the CPU, run the virtual
 *                   CPU in its current mode?
 */
#ifndef PZ_VMM_PARTS_H
#define PZ_VMM_PARTS_H

#include <stddef.h>

#include "vmm/hosted.h"
#include "vmm/para_batch.h"
#include "vmm/vmm.h"

struct vmm_parts {
#define PART(name, type, arguments) type(*name) arguments;
#include "vmm/parts.def"
#undef PART
    /* State that the functions keep between calls; checkpoints include it (checkpoint.h). */
    void *data; /* NULL: none */
    size_t data_size;
};

/* The monitor's own implementations. */
extern const struct vmm_parts vmm_parts_own;

/* Prototypes for the replacements; the monitor itself defines none of these functions. */
#define PART(name, type, arguments) type part_##name arguments;
#include "vmm/parts.def"
#undef PART

/* Are all parts the monitor's own? */
static inline bool parts_own(const struct vmm *vmm)
{
    return !PZ_HOSTED || __builtin_expect(vmm->parts == &vmm_parts_own, 1);
}

/*
 * Walk the guest's page table with the part in use. The rights that are then filled must include
 * the access that the walk allowed; otherwise the VM ends with VM_NO_PROGRESS.
 */
enum sv32_result parts_walk(struct vm *vm, const struct sv32_space *space, uint32_t va,
                            enum access access, struct sv32_walk *walk) PZ_MUST_CHECK;

/*
 * `interrupt` and `budget` of a VM, with the parts in use. Replacements handle only the timer:
 * devices are checked in any case.
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

/*
 * exec_in_place() with the parts in use: under binary translation, the monitor runs replaced parts
 * in place of the translated code.
 */
bool parts_in_place(struct vm *vm, struct exec_env *env, const struct insn *insn) PZ_MUST_CHECK;

/* Does the VM go on in translated code, where interrupts and mappings are not checked? */
bool parts_goes_on_replaced(const struct vm *vm);

static inline bool parts_goes_on(const struct vm *vm)
{
    return !parts_own(vm->vmm) && parts_goes_on_replaced(vm);
}

/* Run a decoded instruction on the virtual CPU, with the parts in use. */
bool parts_exec(struct vm *vm, struct exec_env *env, const struct insn *insn) PZ_MUST_CHECK;

/*
 * The counterpart of engine_run() on a CPU that all guests share, for a replaced world switch that
 * may forget some state. The world is not switched where a stay is cut, so a turn gives the same
 * result however it is cut, whatever the switch forgets.
 */
void parts_run(struct vm *vm, uint64_t budget, struct engine_exit *exit);

#endif
