/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * para.h - paravirtualisation (Barham et al., SOSP 2003; Disco's special page, 1997): a guest that
 * knows of the monitor calls it, and keeps the CSRs it uses most in a page that both share, where
 * accesses are plain loads and stores. A guest that does not ask runs as under the plain monitor.
 *
 * The page counts for sstatus, sscratch, sepc, scause and stval. The monitor takes over what it
 * says, and brings it up to date, only where the guest's own instructions put it: at a trap or
 * an interrupt of the guest's, at its firmware calls and hypercalls, at a privileged instruction,
 * and when an interrupt becomes pending. Never at exits that depend on the state of the shadow
 * or on how a run was cut: so a run is the same whatever the engine, the policy and the slice.
 */
#ifndef PZ_VMM_PARA_H
#define PZ_VMM_PARA_H

#include "vmm/hosted.h"
#include "vmm/para_batch.h"
#include "vmm/vm.h"

/* The name of a function, for people; "unknown" for PARA_FUNCTIONS. */
const char *para_name(enum para_function function);

/* Under the monitor `para`, have the board's firmware pass the hypercalls on. */
void para_init(struct vm *vm);

/* Is the trap that the virtual CPU takes in supervisor mode, an ECALL, a hypercall? */
static inline bool para_is_call(const struct vm *vm)
{
    return PZ_HOSTED && vm->board.extra.serve && vm->cpu->hart.x[17] == PARA_EXTENSION;
}

/* Its function. */
enum para_function para_called(const struct vm *vm);

/* Does the virtual CPU that has its turn share a page? */
static inline bool para_shares(const struct vm *vm)
{
    return PZ_HOSTED && __builtin_expect(vm->cpu->para.shared, 0);
}

/* Does the page say something else about what is pending than para_look() would have it say? */
static inline bool para_lags(const struct vm *vm)
{
    const struct hart *hart = &vm->cpu->hart;

    return para_shares(vm) && (hart->sip & hart->sie) != vm->cpu->para.pending;
}

/* Take over what the page says; bring it up to date. Only while it is shared. */
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

/* The part of this name (parts.h). */
struct sbi_result para_update_own(struct para_batch *batch);

/*
 * Interrupts have been looked at, and `cause` (0: none) would be taken. Tells the page which are
 * pending, and asks it anew when one has become so. Returns the one to take.
 */
uint32_t para_look(struct vm *vm, uint32_t cause);

#endif
