/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sched_credit.c - credits, after Xen's scheduler of that name (xen/common/sched/credit.c). Once in
 * a period VMs get credits by their shares; running spends them. There are three classes: VMs that
 * wake up with credits left go first, for one turn; then VMs with credits, then VMs in debt; each
 * class is round robin.
 */
#include "vmm/sched_policy.h"

#define PERIODS_MOST 4u /* periods paid at once; older ones lapse */

/* A period is as long as a turn, as in Xen, but at most this many instructions. */
#define PERIOD_MOST ((uint64_t)1 << 40)

enum { BOOST, UNDER, OVER };

static unsigned class_of(const struct vm *vm)
{
    if (vm->sched.favour)
        return BOOST;
    return vm->sched.credit > 0 ? UNDER : OVER;
}

static bool before(const struct vm *vm, const struct vm *other)
{
    if (class_of(vm) != class_of(other))
        return class_of(vm) < class_of(other);
    return vm->sched.turn < other->sched.turn;
}

static uint64_t period_of(const struct vmm *vmm)
{
    return vmm->slice < PERIOD_MOST ? vmm->slice : PERIOD_MOST;
}

/*
 * The next VM from slot `from` on that gets credits; NULL: none. A waiting VM gets them too, up to
 * a period's worth, the maximum for any VM; then its share goes to the others.
 */
static struct vm *active(const struct vmm *vmm, unsigned from)
{
    int64_t most = (int64_t)period_of(vmm);

    for (; from < vmm->vm_count; from++) {
        struct vm *vm = vmm->vms[from];

        if (vm && vm_alive(vm) && (vm->sched.ready || vm->sched.credit < most))
            return vm;
    }
    return NULL;
}

static void give(struct vm *vm, uint64_t credits)
{
    int64_t most = (int64_t)period_of(vm->vmm);

    vm->sched.credit += (int64_t)credits;
    if (vm->sched.credit > most)
        vm->sched.credit = most;
}

static void give_out(struct vmm *vmm)
{
    uint64_t period = period_of(vmm), all = 0;
    uint64_t periods = (vmm->sched.clock - vmm->sched.paid) / period;

    vmm->sched.paid += periods * period;
    if (periods > PERIODS_MOST)
        periods = PERIODS_MOST;
    for (struct vm *vm = active(vmm, 0); vm; vm = active(vmm, vm->id))
        all += vm->config.shares;
    for (struct vm *vm = active(vmm, 0), *next; vm; vm = next) {
        next = active(vmm, vm->id); /* unchanged since the VMs were counted */
        give(vm, periods * period * vm->config.shares / all);
    }
}

static void ready(struct vm *vm, bool woken)
{
    vm->sched.favour = woken && vm->sched.credit >= 0;
}

static struct vm *choose(struct vmm *vmm)
{
    struct vm *next = NULL;

    if (vmm->sched.clock - vmm->sched.paid >= period_of(vmm))
        give_out(vmm);
    SCHED_EACH_READY(vm, vmm)
    if (!next || before(vm, next))
        next = vm;
    return next;
}

static void charge(struct vm *vm, uint64_t cost)
{
    vm->sched.credit -= (int64_t)cost;
    vm->sched.favour = 0;
    vm->sched.turn = ++vm->vmm->sched.turns;
}

const struct sched_policy sched_credit = {.ready = ready, .choose = choose, .charge = charge};
