/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sched_bvt.c - borrowed virtual time (Duda & Cheriton 1999). As in stride scheduling each VM has a
 * virtual time, here `pass`; but a VM that wakes up is warped: for a while it counts as further
 * behind than it is. It runs at once and pays afterwards, since its turns are charged as usual. A
 * VM that always has something to do is never woken, so never warped.
 */
#include "vmm/sched_policy.h"

#define WARP_SLICES 8u /* the warp, in slices of a VM with the default shares */

static uint64_t effective(const struct vm *vm)
{
    uint64_t warp = WARP_SLICES * vm->vmm->slice * SCHED_STRIDE_ONE / VM_SHARES_DEFAULT;

    return vm->sched.favour ? vm->sched.pass - warp : vm->sched.pass;
}

/* Unused time is not accumulated. */
static void ready(struct vm *vm, bool woken)
{
    if (sched_behind(vm->sched.pass, vm->vmm->sched.pass))
        vm->sched.pass = vm->vmm->sched.pass;
    if (woken)
        vm->sched.favour = vm->vmm->slice;
}

/* The scheduler's virtual time is the smallest of all ready VMs. */
static struct vm *choose(struct vmm *vmm)
{
    struct vm *next = NULL, *least = NULL;

    SCHED_EACH_READY(vm, vmm)
    {
        if (!least || sched_behind(vm->sched.pass, least->sched.pass))
            least = vm;
        if (!next || sched_behind(effective(vm), effective(next)))
            next = vm;
    }
    vmm->sched.pass = least->sched.pass;
    return next;
}

static void charge(struct vm *vm, uint64_t cost)
{
    vm->sched.pass += sched_advance(vm, cost);
    vm->sched.favour -= cost < vm->sched.favour ? cost : vm->sched.favour;
}

const struct sched_policy sched_bvt = {.ready = ready, .choose = choose, .charge = charge};
