/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sched.c - stride scheduling. A VM that has waited resumes at the others' pass: unused time is
 * not accumulated.
 */
#include "vmm/sched.h"

#include "vmm/vcpu.h"

/* How far one instruction advances the pass of a VM with one share. */
#define SCHED_STRIDE (1u << 20)

static bool can_run(struct vm *vm)
{
    return vm_alive(vm) && !vm->paused && vcpu_awake(vm) && vcpu_allowance(vm);
}

/* Passes wrap around (with one share, within hours), so only their difference counts. */
static bool is_behind(uint64_t pass, uint64_t other)
{
    return (int64_t)(pass - other) < 0;
}

struct vm *sched_next(struct vmm *vmm)
{
    struct vm *next = NULL;

    for (unsigned i = 0; i < vmm->vm_count; i++) {
        struct vm *vm = vmm->vms[i];

        if (!vm || !can_run(vm))
            continue;
        if (is_behind(vm->pass, vmm->pass))
            vm->pass = vmm->pass;
        if (!next || is_behind(vm->pass, next->pass))
            next = vm;
    }
    if (next)
        vmm->pass = next->pass;
    return next;
}

void sched_charge(struct vm *vm, uint64_t ran)
{
    /*
     * A turn without a retired instruction is charged as one: a VM cannot keep the CPU by
     * trapping.
     */
    vm->pass += (ran ? ran : 1) * SCHED_STRIDE / vm->config.shares;
}
