/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_dirty.c - pages that differ from what they were when they were last taken are dirty: at
 * random instants, on every engine, policy and monitor. And nobody can tell that they are tracked:
 * guests do what they do bare, and every counter of the monitor comes out as without. Pages that
 * are shared, and get a machine page of their own again, are dirty too.
 */
#include "tests/support/guests.h"
#include "tests/support/loops.h"
#include "tests/support/random.h"
#include "vmm/dirty.h"
#include "vmm/share.h"

#define PAGES (GUEST_RAM / PAGE_SIZE)
#define CUT_MOST 6000u

/* Stores of every kind: the guest's, its page walks', devices', firmware's, hypercalls'. */
static const char *const names[] = {
    "churn",    "smc",        "lrsc",    "pt_write",   "superpage", "ad_bits",
    "alias",    "uart",       "atomics", "cross_page", "uart_user", "para_calls",
    "smp_lock", "root_reuse", "nested",  "reboot",
};
#define NAMES (sizeof names / sizeof names[0])

static const struct twins_guest with_devices = {.name = "t_virtio",
                                                .ram_size = GUEST_RAM,
                                                .input = "typed at the console\n",
                                                .limit = 2000000,
                                                .end = VM_OFF,
                                                .devices = WORLD_MODERN};

static const struct twins_guest *guest(unsigned number)
{
    return number < NAMES ? micro_guest(names[number]) : &with_devices;
}

static const struct twins_how hows[] = {
    {.policy = SHADOW_LAZY},  {.policy = SHADOW_TRACE},
    {.policy = SHADOW_FLUSH}, {.policy = SHADOW_LAZY, .shadow_tables = SHADOW_TABLES_LEAST},
    {.monitor = VM_HYBRID},   {.monitor = VM_TRANSLATE},
    {.monitor = VM_PARA},     {.monitor = VM_ASSIST},
};
#define HOWS (sizeof hows / sizeof hows[0])

static struct twins twins;
static uint8_t copies[PAGES][PAGE_SIZE];
static uint64_t bits[PAGES / 64], taken[PAGES / 64];

/* What a run was for the monitor. */
struct outcome {
    struct trace_counters counters;
    uint64_t fills, drops, evictions, events, retired, printed, end;
};

static const uint8_t *page_at(unsigned page)
{
    struct mpa mpa =
        pmap_lookup(&twins.vm.pmap, (struct gpa){twins.vm.pmap.base + page * PAGE_SIZE});

    return mpa.v ? allocate_host(twins.vm.pmap.allocator, mpa) : NULL;
}

static bool is_taken(unsigned page)
{
    return taken[page / 64] >> page % 64 & 1;
}

static void check_page(unsigned page, const char *engine)
{
    const uint8_t *now = page_at(page);

    if (is_taken(page) && now)
        memcpy(copies[page], now, PAGE_SIZE);
    else if (is_taken(page))
        memset(copies[page], 0, PAGE_SIZE);
    if (!now)
        return; /* nobody has ever written to it */
    ck_assert_msg(!memcmp(copies[page], now, PAGE_SIZE),
                  "%s on %s, %s, policy %u: page %u was written at about instruction %llu, and "
                  "is not dirty",
                  twins.record->guest->name, engine, monitor_desc(twins.how.monitor)->name,
                  twins.how.policy, page, (unsigned long long)vm_retired(&twins.vm));
}

static void check_pages(const char *engine)
{
    memset(taken, 0, sizeof taken);
    (void)dirty_take(&twins.vm, taken);
    for (unsigned page = 0; page < PAGES; page++)
        check_page(page, engine);
}

static struct outcome outcome_of(const struct vm *vm)
{
    struct outcome outcome = {.counters = vm->counters,
                              .fills = vm->shadow.fills,
                              .drops = vm->shadow.drops,
                              .evictions = vm->shadow.evictions,
                              .events = vm->vmm->events,
                              .retired = vm_retired(vm),
                              .printed = twins.console.hash,
                              .end = vm->end};

    outcome.counters.interpreted = 0; /* engines do it for reasons of their own */
    return outcome;
}

/* Cut at the same places either way. */
static struct outcome run(struct twins_machine *machine, const struct twins_record *record,
                          const struct twins_how *how, bool tracked, uint64_t seed)
{
    struct rng rng = rng_new(seed);
    struct outcome outcome;

    machine->vmm.events = 0;
    twins_add(&twins, machine, record, how);
    if (tracked)
        dirty_start(&twins.vm, bits);
    while (vm_alive(&twins.vm)) {
        if (vmm_stay(&machine->vmm, 1 + rng_below(&rng, CUT_MOST)) != VMM_RAN)
            break;
        if (rng_one_in(&rng, 4) && tracked)
            check_pages(machine->maker->name);
        if (rng_one_in(&rng, 64) && tracked) {
            dirty_stop(&twins.vm);
            dirty_start(&twins.vm, bits);
        }
    }
    if (tracked)
        check_pages(machine->maker->name);
    outcome = outcome_of(&twins.vm);
    dirty_stop(&twins.vm);
    /* A guest of hypercalls is meant to tell that it has them. */
    ck_assert_msg(how->monitor == VM_PARA || twins_same(&twins), "%s on %s, %s: %s",
                  record->guest->name, machine->maker->name, monitor_desc(how->monitor)->name,
                  twins.difference);
    twins_remove(&twins);
    return outcome;
}

static void run_both(struct twins_machine *machine, const struct twins_record *record,
                     const struct twins_how *how, uint64_t seed)
{
    struct outcome with, without;

    if (!monitor_works(how->monitor, machine->engine->ops->abilities))
        return;
    without = run(machine, record, how, false, seed);
    with = run(machine, record, how, true, seed);
    ck_assert_msg(!memcmp(&with, &without, sizeof with),
                  "%s on %s, %s, policy %u: %llu exits and %llu fills, not %llu and %llu",
                  record->guest->name, machine->maker->name, monitor_desc(how->monitor)->name,
                  how->policy, (unsigned long long)with.counters.exits,
                  (unsigned long long)with.fills, (unsigned long long)without.counters.exits,
                  (unsigned long long)without.fills);
}

/* Every guest on every engine; each pair in some of the ways, so that every engine has them all. */
START_TEST(what_differs_is_dirty)
{
    const struct engine_maker *maker = &engine_makers[_i];
    struct twins_machine machine;

    ck_assert(twins_machine_init(&machine, maker, TWINS_MACHINE));
    machine.vmm.slice = 10000;
    for (unsigned i = 0; i <= NAMES; i++) {
        struct twins_record *record = twins_record(guest(i));

        for (unsigned k = 0; k < HOWS; k++)
            if (!PZ_DEBUG || (i + k) % 4 == (unsigned)_i)
                run_both(&machine, record, &hows[k], rng_seed(i * HOWS + k));
        twins_record_free(record);
    }
    twins_machine_fini(&machine);
}
END_TEST

/* ---- Pages that are shared meanwhile ---- */

/* One that gets a machine page of its own again, for a store, is writable from then on. */
static void run_shared(struct twins_machine *machine, const struct twins_record *record,
                       const struct twins_how *how, uint64_t seed)
{
    static struct twins other; /* has the same pages, and runs too */
    struct rng rng = rng_new(seed);

    if (!monitor_works(how->monitor, machine->engine->ops->abilities))
        return;
    twins_add(&twins, machine, record, how);
    twins_add(&other, machine, record, how);
    share_range(&other.vm, (struct gpa){other.vm.pmap.base}, GUEST_RAM);
    share_range(&twins.vm, (struct gpa){twins.vm.pmap.base}, GUEST_RAM);
    dirty_start(&twins.vm, bits);
    check_pages(machine->maker->name);
    while (vm_alive(&twins.vm) &&
           vmm_stay(&machine->vmm, 1 + rng_below(&rng, CUT_MOST)) == VMM_RAN) {
        if (rng_one_in(&rng, 4))
            check_pages(machine->maker->name);
        if (rng_one_in(&rng, 16))
            share_range(&twins.vm, (struct gpa){twins.vm.pmap.base}, GUEST_RAM);
    }
    check_pages(machine->maker->name);
    dirty_stop(&twins.vm);
    ck_assert_msg(how->monitor == VM_PARA || twins_same(&twins), "%s", twins.difference);
    twins_remove(&other);
    twins_remove(&twins);
}

START_TEST(so_is_what_was_shared)
{
    struct twins_machine machine;

    ck_assert(twins_machine_init(&machine, &engine_makers[_i], TWINS_MACHINE));
    ck_assert(share_init(&machine.vmm, 1, 0));
    machine.vmm.slice = 10000;
    for (unsigned i = 0; i < NAMES; i += PZ_DEBUG ? 5 : 3) {
        struct twins_record *record = twins_record(guest(i));

        run_shared(&machine, record, &hows[(i + (unsigned)_i) % HOWS], rng_seed(i));
        run_shared(&machine, record, &(struct twins_how){.monitor = VM_ASSIST}, rng_seed(i));
        twins_record_free(record);
    }
    ck_assert_uint_gt(machine.vmm.share.broken, 0);
    twins_machine_fini(&machine);
}
END_TEST

int main(void)
{
    const struct loop loops[] = {{what_differs_is_dirty, engine_maker_count},
                                 {so_is_what_was_shared, engine_maker_count}};

    return LOOPS_RUN("dirty", loops);
}
