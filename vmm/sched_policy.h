/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sched_policy.h - what a scheduler is: the parts of which sched.c has one for each row of
 * scheds.def. None has a clock other than the machine's, or state other than sched_account.h's.
 */
#ifndef PZ_VMM_SCHED_POLICY_H
#define PZ_VMM_SCHED_POLICY_H

#include "vmm/vmm.h"

struct sched_policy {
    /*
     * A VM has become ready to run; `woken`: it had been waiting for something, and not for its
     * cap. May be NULL.
     */
    void (*ready)(struct vm *vm, bool woken);
    /* One of those that are ready (sched_ready()); there is at least one. */
    struct vm *(*choose)(struct vmm *vmm);
    /* It has had a turn, which cost so much: 1 or more. */
    void (*charge)(struct vm *vm, uint64_t cost);
};

#define SCHED(id, name, about) extern const struct sched_policy sched_##name;
#include "vmm/scheds.def"
#undef SCHED

/* How far a cost of 1 advances the pass of a VM with one share. */
#define SCHED_STRIDE_ONE (1u << 20)

/* Passes wrap around (with one share, within hours), so only their difference counts. */
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

/* For each VM that is ready. A VM's id is the number of the slot behind its own. */
#define SCHED_EACH_READY(vm, vmm)                                                              \
    for (struct vm *vm = sched_ready(vmm, 0); vm; vm = sched_ready(vmm, vm->id))

#endif
