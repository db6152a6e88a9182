/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sched.c - the common part of all schedulers. See sched_policy.h for the interface of each.
 */
#include "vmm/sched.h"

#include "vmm/sched_policy.h"
#include "vmm/vcpu.h"

#define PERCENT 100u
/* Time beyond a reservation counts against it for at most this many slices. */
#define RESERVED_SLICES 16u

static const struct {
    struct sched_desc desc;
    const struct sched_policy *policy;
} scheds[SCHEDS] = {
#define SCHED(id, name, about) [SCHED_##id] = {{#name, about}, &sched_##name},
#include "vmm/scheds.def"
#undef SCHED
};

const struct sched_desc *sched_desc(enum sched_kind kind)
{
    return &scheds[kind].desc;
}

void sched_init(struct vmm *vmm, enum sched_kind kind, enum sched_charge charge, uint64_t seed)
{
    vmm->sched = (struct sched){
        .kind = (uint8_t)kind,
        .charge = (uint8_t)charge,
        .exit_price = charge == SCHED_CHARGE_INSNS ? 0 : SCHED_EXIT_PRICE,
        .random = seed,
    };
}

static const struct sched_policy *policy_of(const struct vmm *vmm)
{
    return PZ_HOSTED ? scheds[vmm->sched.kind].policy : &sched_stride;
}

/* ---- Who can run ---- */

static bool can_run(struct vm *vm)
{
    return vm_alive(vm) && !vm->paused && vcpu_awake(vm) && vcpu_allowance(vm);
}

static bool is_later(uint64_t time, uint64_t other)
{
    return time > other;
}

static bool is_capped(const struct vm *vm)
{
    return vm->config.cap && is_later(vm->sched.capped, vm->vmm->sched.clock);
}

/* A VM is not compensated for time in which it did not want to run. */
static void wakes(struct vm *vm)
{
    uint64_t clock = vm->vmm->sched.clock;

    if (is_later(clock, vm->sched.reserved))
        vm->sched.reserved = clock;
}

static void look_at(struct vm *vm)
{
    const struct sched_policy *policy = policy_of(vm->vmm);
    bool wanted = vm->sched.wants, was_ready = vm->sched.ready;

    vm->sched.wants = can_run(vm);
    vm->sched.ready = vm->sched.wants && !is_capped(vm);
    if (vm->sched.wants && !wanted)
        wakes(vm);
    if (vm->sched.ready && !was_ready && policy->ready)
        policy->ready(vm, !wanted);
}

uint64_t sched_host_now(const struct vmm *vmm)
{
    bool wanted = vmm->sched.charge == SCHED_CHARGE_HOST && vmm->host.turns;

    return wanted ? vmm->host.turns(vmm->host.owner) : 0;
}

#define PACED_LEAST 1000u

uint64_t sched_slice(const struct vm *vm)
{
    uint64_t slice = vm->vmm->slice;

    return vm->sched.paced && vm->sched.paced < slice ? vm->sched.paced : slice;
}

void sched_pace(struct vm *vm, uint64_t ran, uint64_t cost)
{
    if (vm->vmm->sched.charge != SCHED_CHARGE_HOST || ran < PACED_LEAST)
        return;
    vm->sched.paced = cost ? ran * SCHED_HOST_TURN_NS / cost : 0;
    if (cost && vm->sched.paced < PACED_LEAST)
        vm->sched.paced = PACED_LEAST;
}

void sched_follow_host(struct vmm *vmm)
{
    uint64_t now, passed;

    if (vmm->sched.charge != SCHED_CHARGE_HOST)
        return;
    now = sched_host_now(vmm);
    passed = now - vmm->sched.host_seen;
    if (passed > SCHED_HOST_STEP_MOST)
        passed = SCHED_HOST_STEP_MOST;
    if (vmm->sched.host_seen)
        vmm->sched.clock += passed;
    vmm->sched.host_seen = now;
}

static bool look(struct vmm *vmm)
{
    for (unsigned i = 0; i < vmm->vm_count; i++)
        if (vmm->vms[i])
            look_at(vmm->vms[i]);
    return sched_ready(vmm, 0);
}

static bool is_held(const struct vm *vm)
{
    return vm && vm->sched.wants && !vm->sched.ready;
}

bool sched_held(const struct vmm *vmm)
{
    for (unsigned i = 0; i < vmm->vm_count; i++)
        if (is_held(vmm->vms[i]))
            return true;
    return false;
}

/* Idle until the first capped VM may run. */
static void idle_for_caps(struct vmm *vmm)
{
    uint64_t until = UINT64_MAX;

    for (unsigned i = 0; i < vmm->vm_count; i++)
        if (is_held(vmm->vms[i]) && is_later(until, vmm->vms[i]->sched.capped))
            until = vmm->vms[i]->sched.capped;
    vmm->sched.clock = until;
}

/* ---- Whose turn it is ---- */

/* The VM furthest behind its reservation. */
static struct vm *choose_reserved(struct vmm *vmm)
{
    struct vm *next = NULL;

    SCHED_EACH_READY(vm, vmm)
    if (vm->config.reserve && is_later(vmm->sched.clock, vm->sched.reserved) &&
        (!next || is_later(next->sched.reserved, vm->sched.reserved)))
        next = vm;
    return next;
}

struct vm *sched_next(struct vmm *vmm)
{
    struct vm *next;

    sched_follow_host(vmm);
    if (!look(vmm)) {
        if (!sched_held(vmm) || vmm->sched.charge == SCHED_CHARGE_HOST)
            return NULL;
        idle_for_caps(vmm);
        (void)look(vmm);
    }
    next = choose_reserved(vmm);
    return next ? next : policy_of(vmm)->choose(vmm);
}

static void charge_tags(struct vm *vm, uint64_t cost)
{
    const struct vmm *vmm = vm->vmm;
    uint64_t most = vmm->sched.clock + RESERVED_SLICES * vmm->slice;

    if (vm->config.reserve)
        vm->sched.reserved += cost * PERCENT / vm->config.reserve;
    else
        vm->sched.reserved = vmm->sched.clock; /* it may get a reservation later */
    if (is_later(vm->sched.reserved, most))
        vm->sched.reserved = most;
    if (is_later(vmm->sched.clock, vm->sched.capped + cost))
        vm->sched.capped = vmm->sched.clock - cost; /* when its turn began */
    if (vm->config.cap)
        vm->sched.capped += cost * PERCENT / vm->config.cap;
}

void sched_charge(struct vm *vm, uint64_t cost)
{
    /*
     * A turn without a retired instruction is charged as one: a VM cannot keep the CPU by
     * trapping.
     */
    if (!cost)
        cost = 1;
    if (vm->vmm->sched.charge != SCHED_CHARGE_HOST)
        vm->vmm->sched.clock += cost;
    charge_tags(vm, cost);
    policy_of(vm->vmm)->charge(vm, cost);
}

void sched_idle(struct vmm *vmm, uint64_t time)
{
    vmm->sched.clock += time;
}
