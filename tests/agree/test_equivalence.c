/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_equivalence.c - Popek & Goldberg's first property: what runs in a VM does exactly what it
 * does on the bare machine. Every micro-guest, on every engine x shadow policy x slice, alone
 * and beside another; the mini guest OS on a subset. How it is compared: support/lockstep.h.
 */
#include "tests/support/guests.h"
#include "tests/support/loops.h"

static const uint64_t slices[] = {1, 7, 1000, 1000000};
#define SLICES (sizeof slices / sizeof slices[0])

/* Each guest's neighbour is the next in the list: none is harmless, and it is compared as well. */
static const struct lockstep_guest *neighbour(unsigned index)
{
    return &micro_guests[(index + 1) % micro_guest_count];
}

static void check(struct lockstep *lockstep, const struct lockstep_machine *machine)
{
    static const char *const policies[] = {"lazy", "trace", "flush"};

    ck_assert_msg(lockstep_same(lockstep), "%s on %s, %s, slices of %llu, %u shadow tables: %s",
                  lockstep->record->guest->name, machine->maker->name,
                  policies[lockstep->how.policy], (unsigned long long)machine->vmm.slice,
                  lockstep->how.shadow_tables, lockstep->difference);
}

static void run_alone(struct lockstep_machine *machine, const struct lockstep_record *record,
                      const struct lockstep_how *how)
{
    static struct lockstep alone;

    lockstep_add(&alone, machine, record, how);
    lockstep_run(machine, UINT64_MAX);
    check(&alone, machine);
    lockstep_remove(&alone);
}

static void run_beside(struct lockstep_machine *machine, const struct lockstep_record *record,
                       const struct lockstep_record *other, const struct lockstep_how *how)
{
    static struct lockstep one, two;

    lockstep_add(&two, machine, other, how);
    lockstep_add(&one, machine, record, how);
    lockstep_run(machine, UINT64_MAX);
    check(&one, machine);
    check(&two, machine);
    lockstep_remove(&one);
    lockstep_remove(&two);
}

static void run_all(const struct engine_maker *maker, const struct lockstep_record *record,
                    const struct lockstep_record *other)
{
    struct lockstep_machine machine;

    ck_assert(lockstep_machine_init(&machine, maker, LOCKSTEP_MACHINE));
    for (unsigned slice = 0; slice < SLICES; slice++)
        for (unsigned policy = 0; policy < SHADOW_POLICIES; policy++) {
            struct lockstep_how how = {.policy = (enum shadow_policy)policy};

            machine.vmm.slice = slices[slice];
            run_alone(&machine, record, &how);
            how.shadow_tables = SHADOW_TABLES_LEAST; /* so that there are evictions */
            run_beside(&machine, record, other, &how);
        }
    lockstep_machine_fini(&machine);
}

/* What it does bare is what it is meant to do: its own checks hold. */
static struct lockstep_record *record_checked(const struct lockstep_guest *guest)
{
    struct lockstep_record *record = lockstep_record(guest);

    ck_assert_msg(record->end == guest->end, "%s bare: %s: %s", guest->name,
                  vm_end_text(record->end), (char *)record->console.bytes);
    return record;
}

START_TEST(micro_guests_are_equivalent)
{
    unsigned index = (unsigned)_i / engine_maker_count;
    struct lockstep_record *record = record_checked(&micro_guests[index]);
    struct lockstep_record *other = record_checked(neighbour(index));

    run_all(&engine_makers[(unsigned)_i % engine_maker_count], record, other);
    lockstep_record_free(record);
    lockstep_record_free(other);
}
END_TEST

int main(void)
{
    const struct loop loops[] = {
        {micro_guests_are_equivalent, micro_guest_count * engine_maker_count},
    };

    return LOOPS_RUN("equivalence", loops);
}
