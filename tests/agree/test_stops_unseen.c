/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_stops_unseen.c - no guest can tell that it is stopped: with hundreds of stop addresses and
 * watched pages, which change during the run, every micro-guest does in a VM what it does bare
 * without any: the same traps, console bytes, counts and RAM. Where runs stop is tested by
 * test_stops.c for engines, and by test_debugger.c for points. With sanitizers, each guest runs on
 * one engine only. PZ_SEED selects other stops.
 */
#include <check.h>
#include <stdlib.h>

#include "tests/support/guests.h"
#include "tests/support/loops.h"
#include "tests/support/random.h"
#include "vmm/stops.h"

#define ADDRESSES 400u
#define WATCHES 8u
#define CODE PAGE_SIZE /* where that of the guests is, and how much of it */
#define CHANGE 500u    /* stays, after which there are other stops */
#define STAYS 60000u   /* after so many the guest is left alone */

static struct {
    struct rng rng;
    struct vmm_stops stops;
    /* Twice: what is being made must not be what the engine looks at. */
    uint32_t at[2][ADDRESSES];
    struct vmm_watch watches[2][WATCHES];
    struct engine_watch room[WATCHES];
    unsigned now;
    uint64_t hits;
    unsigned runs; /* on engines that can */
} run;

static int by_address(const void *a, const void *b)
{
    const uint32_t *x = a, *y = b;

    return *x < *y ? -1 : *x > *y;
}

static void choose_addresses(uint32_t *at, uint32_t base)
{
    uint32_t count = 0;

    for (unsigned i = 0; i < ADDRESSES; i++)
        at[i] = rng_one_in(&run.rng, 8) ? rng_next(&run.rng) & ~1u
                                        : base + CODE + 2 * rng_below(&run.rng, CODE / 2);
    qsort(at, ADDRESSES, sizeof *at, by_address);
    for (unsigned i = 0; i < ADDRESSES; i++)
        if (!count || at[i] != at[count - 1])
            at[count++] = at[i];
    run.stops.at = at;
    run.stops.count = count;
}

/* Pages of the image, of the guests' page tables and of their data: see guest.inc. */
static struct vmm_watch some_watch(const struct vm *vm)
{
    static const uint32_t from[] = {0, 0x100000, 0x200000, 0x3ef000};
    uint32_t place = from[rng_below(&run.rng, 4)] + PAGE_SIZE * rng_below(&run.rng, 4);
    uint32_t kind = rng_below(&run.rng, 3), part = rng_below(&run.rng, 2) ? 64 : PAGE_SIZE;

    return (struct vmm_watch){.at = vm->config.ram_base + place,
                              .len = part,
                              .vm = vm->id,
                              .physical = rng_below(&run.rng, 2),
                              .loads = kind != 0,
                              .stores = kind != 1};
}

static void choose(struct vmm *vmm, const struct vm *vm)
{
    run.now ^= 1;
    choose_addresses(run.at[run.now], (uint32_t)vm->config.ram_base);
    run.stops.watch_count = rng_below(&run.rng, WATCHES + 1);
    for (unsigned i = 0; i < run.stops.watch_count; i++)
        run.watches[run.now][i] = some_watch(vm);
    run.stops.watches = run.watches[run.now];
    run.stops.room = run.room;
    run.stops.changed = true;
    vmm_heed_stops(vmm, &run.stops);
}

/* Past the address first, and where that was not it, past what is accessed. */
static void go_on_from_stop(struct vm *vm)
{
    if (run.stops.met)
        stops_pass(vm, stops_are_passed(vm) || rng_below(&run.rng, 2));
    run.hits += run.stops.met;
    run.stops.met = run.stops.touched = false;
}

static void run_stopped(struct vmm *vmm)
{
    enum vmm_status status = VMM_RAN;

    for (unsigned stay = 0; status == VMM_RAN; stay++) {
        struct vm *vm = vmm_next(vmm);

        if (!vm)
            break;
        if (stay % CHANGE == 0 && stay <= STAYS)
            choose(vmm, vm);
        if (stay == STAYS)
            vmm_heed_stops(vmm, NULL);
        status = vmm_stay(vmm, rng_one_in(&run.rng, 4) ? rng_below(&run.rng, 50) : UINT64_MAX);
        go_on_from_stop(vm);
    }
    vmm_heed_stops(vmm, NULL);
}

static void check(struct twins *twins, const struct twins_machine *machine)
{
    ck_assert_msg(twins_same(twins), "%s on %s, policy %u: %s", twins->record->guest->name,
                  machine->maker->name, twins->how.policy, twins->difference);
}

/* Two of them on a machine: stop addresses apply to both. */
static void compare(const struct engine_maker *maker, const struct twins_record *record,
                    enum shadow_policy policy, enum vm_monitor monitor)
{
    const struct twins_how how = {
        .monitor = monitor, .policy = policy, .shadow_tables = SHADOW_TABLES_LEAST};
    static struct twins twins[2];
    struct twins_machine machine;

    ck_assert(twins_machine_init(&machine, maker, TWINS_MACHINE));
    if (!monitor_works(monitor, machine.engine->ops->abilities)) {
        twins_machine_fini(&machine);
        return;
    }
    run.runs++;
    machine.vmm.slice = 1000 + rng_below(&run.rng, 5000);
    for (unsigned i = 0; i < 2; i++)
        twins_add(&twins[i], &machine, record, &how);
    run_stopped(&machine.vmm);
    for (unsigned i = 0; i < 2; i++) {
        check(&twins[i], &machine);
        twins_remove(&twins[i]);
    }
    twins_machine_fini(&machine);
}

/* With assistance they stop at instructions inside non-root mode, between which nothing exits. */
START_TEST(guests_cannot_tell)
{
    static const enum vm_monitor monitors[] = {VM_PLAIN, VM_TRANSLATE, VM_ASSIST};
    const struct twins_guest *guest = &micro_guests[_i];
    struct twins_record *record = twins_record(guest);

    memset(&run, 0, sizeof run);
    run.rng = rng_new(rng_seed(1) + (uint64_t)_i);
    for (unsigned k = 0; k < engine_maker_count; k++)
        if (!PZ_DEBUG || k == (unsigned)_i % engine_maker_count)
            compare(&engine_makers[k], record, (enum shadow_policy)((k + (unsigned)_i) % 3),
                    monitors[_i % 3]);
    /* A guest that ends after a few instructions may come to none. */
    ck_assert(run.hits > 0 || run.runs == 0 || record->hart.retired < CHANGE);
    twins_record_free(record);
}
END_TEST

int main(void)
{
    const struct loop loops[] = {{guests_cannot_tell, micro_guest_count}};

    return LOOPS_RUN("stops_unseen", loops);
}
