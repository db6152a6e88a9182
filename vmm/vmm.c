/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * vmm.c - the monitor's outermost loop: one turn of one VM at a time.
 */
#include "vmm/vmm.h"

#include "vmm/paging.h"
#include "vmm/parts.h"
#include "vmm/sched.h"
#include "vmm/vcpu.h"

bool vmm_init(struct vmm *vmm, struct engine *engine, const struct vmm_host *host)
{
    memset(vmm, 0, sizeof *vmm);
    vmm->engine = engine;
    engine->walk = NULL; /* another monitor may have used these */
    engine->variant = NULL;
    engine->passed = (struct engine_passed){.set = false};
    if (engine->stops)
        engine_set_stops(engine, NULL);
    vmm->host = *host;
    if (PZ_HOSTED)
        vmm->parts = &vmm_parts_own;
    vmm->slice = VMM_SLICE_DEFAULT;
    vmm->horizon = VMM_NO_HORIZON;
    return allocate_init(&vmm->allocator, engine->phys.ram, engine->phys.base,
                         engine->phys.size);
}

static uint64_t smaller(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

/* Begin a turn of up to a slice; WFI gives up the rest. */
static void begin_turn(struct vmm *vmm, struct vm *vm)
{
    uint64_t start = vm_retired(vm);

    vm->yields = false;
    vm->slept = 0;
    vmm->turn = (struct vmm_turn){
        .vm = vm,
        .start = start,
        .end = start + smaller(sched_slice(vm), vcpu_allowance(vm)),
        .exits = vm->counters.exits,
        .began = vmm->sched.clock, /* choosing the VM is a part of its turn */
    };
}

/* The turn's cost so far: retired instructions, and the price of exits. */
static uint64_t used(const struct vmm *vmm)
{
    const struct vmm_turn *turn = &vmm->turn;
    uint64_t exits = turn->vm->counters.exits - turn->exits;

    return vm_retired(turn->vm) - turn->start + exits * vmm->sched.exit_price;
}

/* Instructions that may still retire in it. */
static uint64_t left(const struct vmm *vmm)
{
    uint64_t all = vmm->turn.end - vmm->turn.start;

    return all > used(vmm) ? all - used(vmm) : 0;
}

struct vm *vmm_next(struct vmm *vmm)
{
    struct vm *next;

    if (!vmm->turn.vm && (next = sched_next(vmm)))
        begin_turn(vmm, next);
    return vmm->turn.vm;
}

/* An exit that was cut is a part of its turn. */
static bool turn_is_over(const struct vmm *vmm)
{
    const struct vm *vm = vmm->turn.vm;

    return !vm_alive(vm) || vm->yields || (!left(vmm) && !vm_interprets(vm));
}

/* The turn's host time, with SCHED_CHARGE_HOST. */
static uint64_t taken(const struct vmm *vmm)
{
    return vmm->sched.clock - vmm->turn.began + sched_host_now(vmm) - vmm->sched.host_seen;
}

/*
 * When host time is charged, the price of exits only says when to read the clock: with shorter
 * turns, their beginnings and ends, which are charged to no VM, would matter.
 */
static bool goes_on(struct vmm *vmm)
{
    struct vmm_turn *turn = &vmm->turn;
    const struct vm *vm = turn->vm;

    if (!PZ_HOSTED || vmm->sched.charge != SCHED_CHARGE_HOST || !vm_alive(vm) || vm->yields ||
        vm_retired(vm) >= turn->end || taken(vmm) >= SCHED_HOST_TURN_NS)
        return false;
    turn->exits = vm->counters.exits;
    return true;
}

static uint64_t cost(struct vmm *vmm)
{
    if (!PZ_HOSTED || vmm->sched.charge != SCHED_CHARGE_HOST)
        return used(vmm);
    sched_follow_host(vmm);
    return vmm->sched.clock - vmm->turn.began;
}

/*
 * When guests are not paced, a VM is charged for the ticks that it slept as if it had run.
 * Otherwise its time would run far ahead of a busy VM's on the same virtual switch.
 */
static uint64_t slept(const struct vmm *vmm)
{
    const uint64_t most =
        1ull << 31; /* longer sleeps count as this, so that passes stay close */
    bool charged = vmm->horizon == VMM_NO_HORIZON && vmm->sched.charge != SCHED_CHARGE_HOST;

    return charged ? smaller(vmm->turn.vm->slept, most) : 0;
}

/* Charges the VM last, so that all work for it is included. */
static void end_turn(struct vmm *vmm)
{
    struct vm *vm = vmm->turn.vm;
    uint64_t costs;

    if (vm_retired(vm) >= vm->config.limit)
        vm_kill(vm, VM_LIMIT);
    if (PZ_HOSTED && vmm->share.on) {
        share_scan(vmm, vm_retired(vm) - vmm->turn.start);
        share_own_table(vm);
    }
    if (vmm->paging.store.write)
        paging_balance(vmm);
    costs = cost(vmm);
    sched_charge(vm, costs + slept(vmm));
    sched_pace(vm, vm_retired(vm) - vmm->turn.start, costs);
    vmm->turn = (struct vmm_turn){0};
}

static bool any_alive(const struct vmm *vmm)
{
    for (unsigned i = 0; i < vmm->vm_count; i++)
        if (vmm->vms[i] && vm_alive(vmm->vms[i]))
            return true;
    return false;
}

static enum vmm_status no_turn(const struct vmm *vmm)
{
    return any_alive(vmm) ? VMM_WAITING : VMM_DONE;
}

static void after_stay(struct vmm *vmm, struct vm *vm, struct vm **ran)
{
    if (turn_is_over(vmm) && !goes_on(vmm))
        end_turn(vmm);
    if (ran)
        *ran = vm;
}

enum vmm_status vmm_step(struct vmm *vmm, uint64_t cut, struct vm **ran)
{
    struct vm *vm = vmm_next(vmm);

    if (!vm)
        return no_turn(vmm);
    vmm->halt = false;
    vcpu_enter(vm, left(vmm), cut);
    after_stay(vmm, vm, ran);
    return VMM_RAN;
}

/*
 * If exits are observed one by one, or pages are interpreted, each stay must end after one
 * exit.
 */
static bool may_stay(const struct vm *vm)
{
    const struct vmm_host *host = &vm->vmm->host;

    return !PZ_HOSTED || (!host->trace && !host->probe && !shadow_watches_code(&vm->shadow));
}

enum vmm_status vmm_stay(struct vmm *vmm, uint64_t cut)
{
    struct vm *vm = vmm_next(vmm);

    if (!vm || !may_stay(vm))
        return vmm_step(vmm, cut, NULL);
    vmm->halt = false;
    vcpu_stay(vm, smaller(left(vmm), cut));
    after_stay(vmm, vm, NULL);
    return VMM_RAN;
}

enum vmm_status vmm_run(struct vmm *vmm, struct vm **ran)
{
    struct vm *vm = vmm_next(vmm);

    if (!vm)
        return no_turn(vmm);
    do {
        vmm->halt = false;
        vcpu_stay(vm, left(vmm));
        after_stay(vmm, vm, ran);
    } while (vmm->turn.vm);
    return VMM_RAN;
}

uint64_t vmm_wake_time(const struct vmm *vmm)
{
    uint64_t earliest = VMM_NO_HORIZON;

    for (unsigned i = 0; i < vmm->vm_count; i++) {
        const struct vm *vm = vmm->vms[i];

        if (vm && vm_alive(vm) && !vm->paused)
            earliest = smaller(earliest, vm->wake ? vm->wake : hart_time(&vm->cpu->hart) + 1);
    }
    return earliest;
}
