/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sched_stride.c - stride scheduling (Waldspurger & Weihl 1995). Each VM has a pass that grows with
 * what it runs, divided by its shares; the one with the smallest pass runs next. A VM that has
 * waited resumes at the others' pass: unused time is not accumulated.
 */
#include "vmm/sched_policy.h"

static struct vm *choose(struct vmm *vmm)
{
    struct vm *next = NULL;

    SCHED_EACH_READY(vm, vmm)
    {
        if (sched_behind(vm->sched.pass, vmm->sched.pass))
            vm->sched.pass = vmm->sched.pass;
        if (!next || sched_behind(vm->sched.pass, next->sched.pass))
            next = vm;
    }
    vmm->sched.pass = next->sched.pass;
    return next;
}

static void charge(struct vm *vm, uint64_t cost)
{
    vm->sched.pass += sched_advance(vm, cost);
}

const struct sched_policy sched_stride = {.choose = choose, .charge = charge};
