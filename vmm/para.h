/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * para.h - paravirtualisation (Barham et al., SOSP 2003; Disco's special page, 1997): a guest that
 * knows about the monitor makes hypercalls, and keeps its most-used CSRs in a page shared with the
 * monitor, where accesses are plain loads and stores. A guest that does not use this runs as under
 * the plain monitor.
 *
 * While a page is shared, it holds sstatus, sscratch, sepc, scause and stval. The monitor reads and
 * updates it only at points that the guest's own instructions determine: at the guest's traps,
 * interrupts, firmware calls, hypercalls and privileged instructions, and when an interrupt becomes
 * pending. It never does so at exits that depend on the state of the shadow or on where a run was
 * cut, so a run is the same under every engine, policy and slice.
 */
#ifndef PZ_VMM_PARA_H
#define PZ_VMM_PARA_H

#include "vmm/hosted.h"
#include "vmm/para_batch.h"
#include "vmm/vm.h"

/* The name of a function, for people; "unknown" for PARA_FUNCTIONS. */
const char *para_name(enum para_function function);

/* Under the monitor `para`, make the board's firmware forward hypercalls. */
void para_init(struct vm *vm);

/* The virtual CPU has taken an ECALL in supervisor mode: is it a hypercall? */
static inline bool para_is_call(const struct vm *vm)
{
    return PZ_HOSTED && vm->board.extra.serve && vm->cpu->hart.x[17] == PARA_EXTENSION;
}

/* The function that such a hypercall asks for. */
enum para_function para_called(const struct vm *vm);

/* Does the current virtual CPU share a page? */
static inline bool para_shares(const struct vm *vm)
{
    return PZ_HOSTED && __builtin_expect(vm->cpu->para.shared, 0);
}

/* Does the page's `pending` differ from what para_look() would write? */
static inline bool para_lags(const struct vm *vm)
{
    const struct hart *hart = &vm->cpu->hart;

    return para_shares(vm) && (hart->sip & hart->sie) != vm->cpu->para.pending;
}

/* Load the CSRs from the page, and store them to it. Only while the page is shared. */
void para_load(struct vm *vm);
void para_store(struct vm *vm);

/* vm_trap(), with the page. */
void para_trap_shared(struct vm *vm, const struct trap *trap);

static inline void para_trap(struct vm *vm, const struct trap *trap)
{
    if (para_shares(vm))
        para_trap_shared(vm, trap);
    else
        vm_trap(vm, trap);
}

/* The monitor's own implementation of the part para_update (parts.h). */
struct sbi_result para_update_own(struct para_batch *batch);

/*
 * Interrupts have been checked, and `cause` (0: none) would be taken. Writes the pending set to the
 * page, and rereads the page if a new interrupt has become pending. Returns the interrupt to take.
 */
uint32_t para_look(struct vm *vm, uint32_t cause);

#endif
