/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_bill.c - what a run costs in exits does not depend on how it was come by: the short ways
 * through the monitor (a fault answered from within translated code, clusters of privileged
 * instructions) count as the long ones do, and shadows grow alike. Every micro-guest, and the mini
 * guest, on every engine that leaves nothing untrapped; in stays, and exit by exit.
 */
#include "tests/support/guests.h"
#include "tests/support/loops.h"

struct bill {
    uint64_t retired, events, exits, emulated, translated, callouts;
    uint64_t causes[CAUSE_EXCEPTIONS], actions[TRACE_ACTIONS];
    uint64_t insns[INSN_COUNT], csrs[CSR_COUNT];
    uint64_t fills, prefills, drops, tables;
};

static void copy_counts(uint64_t *to, const struct trace_counter *from, unsigned count)
{
    for (unsigned i = 0; i < count; i++)
        to[i] = from[i].count;
}

static struct bill bill_of(const struct vm *vm)
{
    const struct trace_counters *counters = &vm->counters;
    struct bill bill = {
        .retired = vm_retired(vm),
        .events = vm->vmm->events,
        .exits = counters->exits,
        .emulated = counters->emulated,
        .translated = counters->translated,
        .callouts = counters->callouts,
        .fills = vm->shadow.fills,
        .prefills = vm->shadow.prefills,
        .drops = vm->shadow.drops,
        .tables = vm->shadow.tables,
    };

    copy_counts(bill.causes, counters->cause, CAUSE_EXCEPTIONS);
    copy_counts(bill.actions, counters->action, TRACE_ACTIONS);
    copy_counts(bill.insns, counters->insn, INSN_COUNT);
    copy_counts(bill.csrs, counters->csr, CSR_COUNT);
    return bill;
}

static struct bill run(struct twins_machine *machine, const struct twins_record *record,
                       const struct twins_how *how, bool exit_by_exit)
{
    static struct twins twins;
    struct bill bill;

    machine->vmm.events = 0;
    twins_add(&twins, machine, record, how);
    if (exit_by_exit)
        while (vmm_step(&machine->vmm, UINT64_MAX, NULL) == VMM_RAN)
            ;
    else
        twins_run(machine, UINT64_MAX);
    ck_assert_msg(twins_same(&twins), "%s on %s: %s", record->guest->name, machine->maker->name,
                  twins.difference);
    ck_assert_uint_eq(vm_shadow_check(&twins.vm, NULL), 0);
    bill = bill_of(&twins.vm);
    twins_remove(&twins);
    return bill;
}

/* Where the first difference is, as a number of the struct's words. */
static unsigned differs_at(const struct bill *a, const struct bill *b)
{
    unsigned at = 0;

    while (((const uint64_t *)a)[at] == ((const uint64_t *)b)[at])
        at++;
    return at;
}

static void compare(struct twins_machine *machine, const struct twins_record *record,
                    const struct twins_how *how, const struct bill *first)
{
    for (unsigned stepped = 0; stepped < 2; stepped++) {
        struct bill bill = run(machine, record, how, stepped);

        if (memcmp(&bill, first, sizeof bill))
            ck_abort_msg("%s on %s, %s, policy %u, %s: %llu exits, %llu fills; on %s %llu and "
                         "%llu; word %u",
                         record->guest->name, machine->maker->name,
                         monitor_desc(how->monitor)->name, how->policy,
                         stepped ? "stepped" : "staying", (unsigned long long)bill.exits,
                         (unsigned long long)bill.fills, engine_makers[0].name,
                         (unsigned long long)first->exits, (unsigned long long)first->fills,
                         differs_at(&bill, first));
    }
}

/* _i: how the guest is run. */
static struct twins_how how_of(unsigned number)
{
    return (struct twins_how){
        .policy = (enum shadow_policy)(number % SHADOW_POLICIES),
        .monitor = number / SHADOW_POLICIES ? VM_TRANSLATE : VM_PLAIN,
    };
}
#define WAYS (2 * SHADOW_POLICIES)

static struct twins_machine machines[8];
static unsigned machine_count;

static void begin(void)
{
    for (unsigned i = 0; i < engine_maker_count; i++) {
        struct twins_machine *machine = &machines[machine_count];

        if (!twins_machine_init(machine, &engine_makers[i], TWINS_MACHINE))
            continue;
        if (machine->engine->ops->untrapped_count)
            twins_machine_fini(machine); /* its pages are interpreted, which counts otherwise */
        else
            machine_count++;
    }
}

static void compare_all(const struct twins_guest *guest, const struct twins_how *how)
{
    struct twins_record *record = twins_record(guest);
    struct bill first = run(&machines[0], record, how, false);

    for (unsigned i = 0; i < machine_count; i++)
        if (monitor_works(how->monitor, machines[i].engine->ops->abilities))
            compare(&machines[i], record, how, &first);
    twins_record_free(record);
}

START_TEST(micro_guests_cost_the_same)
{
    begin();
    for (unsigned i = 0; i < micro_guest_count; i++) {
        struct twins_how how = how_of(((unsigned)_i * SHADOW_POLICIES + i) % WAYS);

        if (!micro_guests[i].unfenced)
            compare_all(&micro_guests[i], &how);
    }
}
END_TEST

START_TEST(the_mini_guest_costs_the_same)
{
    const struct twins_guest mini = mini_guest("cowtest");
    struct twins_how how = how_of((unsigned)_i);

    begin();
    compare_all(&mini, &how);
}
END_TEST

int main(void)
{
    const struct loop loops[] = {
        {micro_guests_cost_the_same, 2},
        {the_mini_guest_costs_the_same, WAYS},
    };

    return LOOPS_RUN("bill", loops);
}
