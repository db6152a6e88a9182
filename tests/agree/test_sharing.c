/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_sharing.c - pages that guests share, and pages that are paged out: no guest can tell. Each
 * micro-guest runs beside itself and beside its neighbour, with sharing and paging as busy as can
 * be, on every engine, and has to do what it does on the bare machine, trap by trap. At random
 * turns the accounts are checked: whose page each machine page is, how many have it, who may write
 * to it. Technique and shadow policy change from guest to guest: over all guests every engine
 * meets all of them.
 */
#include "tests/support/guests.h"
#include "tests/support/loops.h"
#include "tests/support/random.h"
#include "tests/support/store.h"

#define MACHINE (8u << 20) /* of which the hungriest guest alone needs all */
#define EVERY_PAGE 1000000000u
#define VMS 3u

static const struct {
    enum vm_monitor monitor;
    enum shadow_policy policy;
} ways[] = {
    {VM_PLAIN, SHADOW_LAZY},  {VM_PLAIN, SHADOW_TRACE}, {VM_ASSIST, SHADOW_LAZY},
    {VM_PLAIN, SHADOW_FLUSH}, {VM_HYBRID, SHADOW_LAZY}, {VM_TRANSLATE, SHADOW_TRACE},
    {VM_PARA, SHADOW_TRACE},
};
#define WAYS (sizeof ways / sizeof ways[0])
static const uint64_t slices[] = {997, 20011, 101};
#define SLICES (sizeof slices / sizeof slices[0])

static struct twins twins[VMS];
static struct store store;

/* A guest that makes hypercalls is not alike on the bare machine. */
static enum vm_monitor monitor_for(enum vm_monitor wanted, const struct engine *engine,
                                   const struct twins_record *a, const struct twins_record *b)
{
    bool calls = strstr(a->guest->name, "para") || strstr(b->guest->name, "para");

    if (!monitor_works(wanted, engine->ops->abilities) || (wanted == VM_PARA && calls))
        return VM_PLAIN;
    return wanted;
}

static void begin(struct twins_machine *machine, const struct engine_maker *maker,
                  const struct twins_record *record, const struct twins_record *other,
                  unsigned turn)
{
    struct twins_how how = {.policy = ways[turn % WAYS].policy,
                            .shadow_tables = SHADOW_TABLES_LEAST};

    ck_assert(twins_machine_init(machine, maker, MACHINE));
    machine->vmm.slice = slices[turn % SLICES];
    ck_assert(share_init(&machine->vmm, EVERY_PAGE, 0));
    store_init(&store, &machine->vmm);
    how.monitor = monitor_for(ways[turn % WAYS].monitor, machine->engine, record, other);
    for (unsigned k = 0; k < VMS; k++) {
        twins_add(&twins[k], machine, k == 1 ? other : record, &how);
        share_range(&twins[k].vm, (struct gpa){twins[k].vm.pmap.base}, GUEST_RAM);
    }
    store_check(&machine->vmm);
    ck_assert_uint_gt(share_saved(&machine->vmm.share), 0); /* the same kernel twice */
}

static void run(struct vmm *vmm, uint64_t seed)
{
    struct rng rng = rng_new(seed);

    while (vmm_run(vmm, NULL) == VMM_RAN) {
        if (rng_one_in(&rng, 8))
            store_check(vmm);
        if (rng_one_in(&rng, 12))
            store_squeeze(vmm, rng_below(&rng, 200));
    }
}

static void end(struct twins_machine *machine, uint64_t seed)
{
    for (unsigned k = 0; k < VMS; k++)
        ck_assert_msg(twins_same(&twins[k]),
                      "%s on %s, %s, policy %u, slices of %llu, PZ_SEED=%llu: %s",
                      twins[k].record->guest->name, machine->maker->name,
                      monitor_desc(twins[k].how.monitor)->name, twins[k].how.policy,
                      (unsigned long long)machine->vmm.slice, (unsigned long long)seed,
                      twins[k].difference);
    for (unsigned k = 0; k < VMS; k++) {
        twins_remove(&twins[k]);
        store_check(&machine->vmm);
    }
    ck_assert_uint_eq(machine->vmm.share.pages, 0);
    twins_machine_fini(machine);
    store_free(&store);
}

START_TEST(guests_cannot_tell)
{
    unsigned index = (unsigned)_i;
    struct twins_record *record = twins_record(&micro_guests[index]);
    struct twins_record *other = twins_record(&micro_guests[(index + 1) % micro_guest_count]);

    for (unsigned i = 0; i < engine_maker_count; i++) {
        uint64_t seed = rng_seed(index + i);
        struct twins_machine machine;

        if (PZ_DEBUG && (index + i) % engine_maker_count) /* with sanitizers, one engine each */
            continue;
        begin(&machine, &engine_makers[i], record, other, index + i);
        run(&machine.vmm, seed);
        end(&machine, seed);
    }
    twins_record_free(record);
    twins_record_free(other);
}
END_TEST

int main(void)
{
    const struct loop loops[] = {
        {guests_cannot_tell, micro_guest_count},
    };

    return LOOPS_RUN("sharing", loops);
}
