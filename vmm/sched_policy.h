/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sched_policy.h - the interface of a scheduler: sched.c has one for each row of scheds.def. A
 * scheduler uses no clock but the machine's, and no state but that in sched_account.h.
 */
#ifndef PZ_VMM_SCHED_POLICY_H
#define PZ_VMM_SCHED_POLICY_H

#include "vmm/vmm.h"

struct sched_policy {
    /*
     * A VM has become ready to run; `woken`: it had been waiting for an event, not for its cap. May
     * be NULL.
     */
    void (*ready)(struct vm *vm, bool woken);
    /* Choose one of the ready VMs (sched_ready()); there is at least one. */
    struct vm *(*choose)(struct vmm *vmm);
    /* The VM has had a turn that cost `cost`: 1 or more. */
    void (*charge)(struct vm *vm, uint64_t cost);
};

#define SCHED(id, name, about) extern const struct sched_policy sched_##name;
#include "vmm/scheds.def"
#undef SCHED

/* How far a cost of 1 advances the pass of a VM with one share. */
#define SCHED_STRIDE_ONE (1u << 20)

/*
 * Passes wrap around (within hours, for a VM with one share), so compare them by their difference.
 */
static inline bool sched_behind(uint64_t pass, uint64_t other)
{
    return (int64_t)(pass - other) < 0;
}

static inline uint64_t sched_advance(const struct vm *vm, uint64_t cost)
{
    return cost * SCHED_STRIDE_ONE / vm->config.shares;
}

/* The first ready VM in slot `from` or later; NULL: there is none. */
static inline struct vm *sched_ready(const struct vmm *vmm, unsigned from)
{
    for (; from < vmm->vm_count; from++)
        if (vmm->vms[from] && vmm->vms[from]->sched.ready)
            return vmm->vms[from];
    return NULL;
}

/* Loop over all ready VMs. A VM's id is its slot number plus one. */
#define SCHED_EACH_READY(vm, vmm)                                                              \
    for (struct vm *vm = sched_ready(vmm, 0); vm; vm = sched_ready(vmm, vm->id))

#endif
