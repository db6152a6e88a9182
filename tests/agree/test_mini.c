/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_mini.c - the mini guest OS as a whole, virtualised: its `usertests` exactly as on the
 * bare machine (the first property), `primes` almost without the monitor (the third). A covering
 * part of the combinations is run.
 */
#include "tests/support/guests.h"
#include "tests/support/loops.h"

static const uint64_t slices[] = {1000000, 1000, 7};
#define SLICES (sizeof slices / sizeof slices[0])

static struct twins one, two;

static void check(struct twins *twins, const struct twins_machine *machine)
{
    ck_assert_msg(twins_same(twins), "%s on %s, policy %d, slices of %llu: %s",
                  twins->record->guest->name, machine->maker->name, twins->how.policy,
                  (unsigned long long)machine->vmm.slice, twins->difference);
}

static void run_alone(const struct engine_maker *maker, const struct twins_record *record,
                      enum shadow_policy policy, uint64_t slice)
{
    struct twins_how how = {.policy = policy};
    struct twins_machine machine;

    ck_assert(twins_machine_init(&machine, maker, TWINS_MACHINE));
    machine.vmm.slice = slice;
    twins_add(&one, &machine, record, &how);
    twins_run(&machine, UINT64_MAX);
    check(&one, &machine);
    twins_remove(&one);
    twins_machine_fini(&machine);
}

/* Beside a hostile guest that churns, over and over, for as long as this one runs. */
static void run_beside(const struct engine_maker *maker, const struct twins_record *record,
                       const struct twins_record *hostile, enum shadow_policy policy,
                       uint64_t slice)
{
    struct twins_how how = {.policy = policy, .shadow_tables = 24};
    struct twins_machine machine;

    ck_assert(twins_machine_init(&machine, maker, TWINS_MACHINE));
    machine.vmm.slice = slice;
    twins_add(&one, &machine, record, &how);
    for (int round = 0; round < 8 && vm_alive(&one.vm); round++) {
        twins_add(&two, &machine, hostile, &how);
        while (vm_alive(&one.vm) && vm_alive(&two.vm))
            twins_run(&machine, 1);
        if (vm_alive(&one.vm))
            check(&two, &machine);
        twins_remove(&two);
    }
    twins_run(&machine, UINT64_MAX);
    check(&one, &machine);
    twins_remove(&one);
    twins_machine_fini(&machine);
}

/* The bare runs, made once: Check's children inherit them. */
static struct twins_guest usertests, forktest, primes;
static struct twins_record *whole, *part, *sieved;

/*
 * With the sanitizers on, each policy meets all of it on the fastest engine, and `predecode` meets
 * it once; what `spec` makes of it is the bare run.
 */
static struct twins_record *choose(const struct engine_maker *maker, enum shadow_policy policy)
{
    bool once = !strcmp(maker->name, "predecode") && policy == SHADOW_TRACE;

    return !PZ_DEBUG || once || !strcmp(maker->name, "jit") ? whole : part;
}

/*
 * _i: engine x policy. Each engine and each policy meets each slice; those of one instruction too,
 * with less of the guest.
 */
START_TEST(usertests_are_equivalent)
{
    const struct engine_maker *maker = &engine_makers[(unsigned)_i / SHADOW_POLICIES];
    enum shadow_policy policy = (enum shadow_policy)(_i % SHADOW_POLICIES);
    struct twins_record *bare = choose(maker, policy);

    ck_assert_uint_eq(whole->end, VM_OFF);
    ck_assert_ptr_nonnull(strstr((char *)whole->console.bytes, " passed, 0 failed\n"));
    run_alone(maker, bare, policy, slices[((unsigned)_i / SHADOW_POLICIES + policy) % SLICES]);
    if (!PZ_DEBUG && maker == &engine_makers[policy])
        run_alone(maker, part, policy, 1);
}
END_TEST

/*
 * The same pairs, by another rule, by which engines meet the whole of the guest at slices of a
 * thousand: shorter ones take `unicorn` long. With the sanitizers on, none meets the whole, and
 * it is every other pair: the others are met so by smaller guests, in test_equivalence.c.
 */
START_TEST(usertests_are_equivalent_beside_another)
{
    static const char *const hostile[] = {"churn", "garbage", "root_reuse"};
    unsigned engine = (unsigned)_i / SHADOW_POLICIES;
    enum shadow_policy policy = (enum shadow_policy)(_i % SHADOW_POLICIES);
    struct twins_record *bare = PZ_DEBUG ? part : whole;
    uint64_t slice = slices[(1 + policy + 2 * engine) % SLICES];
    struct twins_record *other;

    if (PZ_DEBUG && (engine + policy) % 2 == 0)
        return;
    other = twins_record(micro_guest(hostile[policy]));
    run_beside(&engine_makers[engine], bare, other, policy, slice);
    twins_record_free(other);
}
END_TEST

/*
 * Popek & Goldberg's third property: all but a few instructions run without the monitor. With the
 * sanitizers on, each engine has one policy.
 */
START_TEST(primes_runs_directly)
{
    unsigned engine = (unsigned)_i / SHADOW_POLICIES;
    const struct engine_maker *maker = &engine_makers[engine];
    struct twins_how how = {.policy = (enum shadow_policy)(_i % SHADOW_POLICIES)};
    struct twins_machine machine;

    if (PZ_DEBUG && engine % SHADOW_POLICIES != how.policy)
        return;
    ck_assert(twins_machine_init(&machine, maker, TWINS_MACHINE));
    twins_add(&one, &machine, sieved, &how);
    twins_run(&machine, UINT64_MAX);
    check(&one, &machine);
    ck_assert_uint_gt(vm_direct_ppm(&one.vm), 990000);
    twins_remove(&one);
    twins_machine_fini(&machine);
}
END_TEST

int main(void)
{
    const struct loop loops[] = {
        {usertests_are_equivalent, engine_maker_count * SHADOW_POLICIES},
        {usertests_are_equivalent_beside_another, engine_maker_count * SHADOW_POLICIES},
        {primes_runs_directly, engine_maker_count * SHADOW_POLICIES},
    };
    int status;

    usertests = mini_guest("usertests");
    whole = twins_record(&usertests);
    forktest = mini_guest("forktest");
    part = twins_record(&forktest);
    primes = mini_guest("primes");
    sieved = twins_record(&primes);
    status = LOOPS_RUN("mini", loops);
    twins_record_free(whole);
    twins_record_free(part);
    twins_record_free(sieved);
    return status;
}
