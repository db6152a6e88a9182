/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_mini.c - the mini guest OS as a whole, virtualised: its `usertests` exactly as on the
 * bare machine (the first property), `primes` almost without the monitor (the third). With the
 * sanitizers on, a covering part of the combinations is run, else all.
 */
#include "tests/support/guests.h"
#include "tests/support/loops.h"

static const uint64_t slices[] = {1000000, 1000, 7, 1};
#define SLICES (sizeof slices / sizeof slices[0])

static struct lockstep one, two;

static void check(struct lockstep *lockstep, const struct lockstep_machine *machine)
{
    ck_assert_msg(lockstep_same(lockstep), "%s on %s, policy %d, slices of %llu: %s",
                  lockstep->record->guest->name, machine->maker->name, lockstep->how.policy,
                  (unsigned long long)machine->vmm.slice, lockstep->difference);
}

static void run_alone(const struct engine_maker *maker, const struct lockstep_record *record,
                      enum shadow_policy policy, uint64_t slice)
{
    struct lockstep_how how = {.policy = policy};
    struct lockstep_machine machine;

    ck_assert(lockstep_machine_init(&machine, maker, LOCKSTEP_MACHINE));
    machine.vmm.slice = slice;
    lockstep_add(&one, &machine, record, &how);
    lockstep_run(&machine, UINT64_MAX);
    check(&one, &machine);
    lockstep_remove(&one);
    lockstep_machine_fini(&machine);
}

/* Beside a hostile guest that churns, over and over, for as long as this one runs. */
static void run_beside(const struct engine_maker *maker, const struct lockstep_record *record,
                       const struct lockstep_record *hostile, enum shadow_policy policy,
                       uint64_t slice)
{
    struct lockstep_how how = {.policy = policy, .shadow_tables = 24};
    struct lockstep_machine machine;

    ck_assert(lockstep_machine_init(&machine, maker, LOCKSTEP_MACHINE));
    machine.vmm.slice = slice;
    lockstep_add(&one, &machine, record, &how);
    for (int round = 0; round < 8 && vm_alive(&one.vm); round++) {
        lockstep_add(&two, &machine, hostile, &how);
        while (vm_alive(&one.vm) && vm_alive(&two.vm))
            lockstep_run(&machine, 1);
        if (vm_alive(&one.vm))
            check(&two, &machine);
        lockstep_remove(&two);
    }
    lockstep_run(&machine, UINT64_MAX);
    check(&one, &machine);
    lockstep_remove(&one);
    lockstep_machine_fini(&machine);
}

/* The bare run, made once: Check's children inherit it. */
static struct lockstep_guest usertests;
static struct lockstep_record *bare;

/* _i: engine x policy. Each policy meets each slice on some engine even in the covering part. */
START_TEST(usertests_are_equivalent)
{
    const struct engine_maker *maker = &engine_makers[(unsigned)_i / SHADOW_POLICIES];
    enum shadow_policy policy = (enum shadow_policy)(_i % SHADOW_POLICIES);

    ck_assert_uint_eq(bare->end, VM_OFF);
    ck_assert_ptr_nonnull(strstr((char *)bare->console.bytes, " passed, 0 failed\n"));
    for (unsigned i = 0; i < SLICES; i++)
        if (!PZ_DEBUG || i == ((unsigned)_i + policy) % (SLICES - 1))
            run_alone(maker, bare, policy, slices[i]);
}
END_TEST

START_TEST(usertests_are_equivalent_beside_another)
{
    static const char *const hostile[] = {"churn", "garbage", "root_reuse"};
    const struct engine_maker *maker = &engine_makers[(unsigned)_i / SHADOW_POLICIES];
    enum shadow_policy policy = (enum shadow_policy)(_i % SHADOW_POLICIES);
    struct lockstep_record *other = lockstep_record(micro_guest(hostile[policy]));

    for (unsigned i = 0; i < SLICES; i++)
        if (i == ((unsigned)_i + policy + 1) % (SLICES - PZ_DEBUG))
            run_beside(maker, bare, other, policy, slices[i]);
    lockstep_record_free(other);
}
END_TEST

/* Popek & Goldberg's third property: all but a few instructions run without the monitor. */
START_TEST(primes_runs_directly)
{
    const struct engine_maker *maker = &engine_makers[(unsigned)_i / SHADOW_POLICIES];
    struct lockstep_how how = {.policy = (enum shadow_policy)(_i % SHADOW_POLICIES)};
    struct lockstep_guest guest = mini_guest("primes");
    struct lockstep_record *record = lockstep_record(&guest);
    struct lockstep_machine machine;

    ck_assert(lockstep_machine_init(&machine, maker, LOCKSTEP_MACHINE));
    lockstep_add(&one, &machine, record, &how);
    lockstep_run(&machine, UINT64_MAX);
    check(&one, &machine);
    ck_assert_uint_gt(vm_direct_ppm(&one.vm), 990000);
    lockstep_remove(&one);
    lockstep_machine_fini(&machine);
    lockstep_record_free(record);
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
    bare = lockstep_record(&usertests);
    status = LOOPS_RUN("mini", loops);
    lockstep_record_free(bare);
    return status;
}
