/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_equivalence.c - Popek & Goldberg's first property: a program in a VM does exactly what it
 * does on the bare machine. Every micro-guest runs on every engine, with every shadow policy at two
 * of the slices, alone and beside another VM; and with hardware assistance, where there is no
 * policy. Every guest meets every pair of policy and slice on one engine or two, and over all
 * guests every engine meets every pair. In the clang build, for the system's Unicorn, only the
 * latter holds. With sanitizers also, and each guest meets one pair on each engine, alone or beside
 * another. How they are compared: support/twins.h.
 */
#include "tests/support/guests.h"
#include "tests/support/loops.h"

static const uint64_t slices[] = {1, 7, 1000, 1000000};
#define SLICES (sizeof slices / sizeof slices[0])

/* Of the pairs, one in so many; with sanitizers, of all pairs one. */
#ifdef __clang__
#define PARTS SLICES
#else
#define PARTS 2
#endif

/* Each guest's neighbour is the next in the list: none is harmless, and it is compared as well. */
static const struct twins_guest *neighbour(unsigned index)
{
    return &micro_guests[(index + 1) % micro_guest_count];
}

static void check(struct twins *twins, const struct twins_machine *machine)
{
    static const char *const policies[] = {"lazy", "trace", "flush"};

    ck_assert_msg(twins_same(twins), "%s on %s, %s, %s, slices of %llu, %u shadow tables: %s",
                  twins->record->guest->name, machine->maker->name,
                  monitor_desc(twins->how.monitor)->name, policies[twins->how.policy],
                  (unsigned long long)machine->vmm.slice, twins->how.shadow_tables,
                  twins->difference);
}

static void run_alone(struct twins_machine *machine, const struct twins_record *record,
                      const struct twins_how *how)
{
    static struct twins alone;

    twins_add(&alone, machine, record, how);
    twins_run(machine, UINT64_MAX);
    check(&alone, machine);
    twins_remove(&alone);
}

static void run_beside(struct twins_machine *machine, const struct twins_record *record,
                       const struct twins_record *other, const struct twins_how *how)
{
    static struct twins one, two;

    twins_add(&two, machine, other, how);
    twins_add(&one, machine, record, how);
    twins_run(machine, UINT64_MAX);
    check(&one, machine);
    check(&two, machine);
    twins_remove(&one);
    twins_remove(&two);
}

/* The ways to run it: each shadow policy, and assistance. */
#define WAYS (SHADOW_POLICIES + 1)

static struct twins_how way(unsigned number)
{
    if (number == SHADOW_POLICIES)
        return (struct twins_how){.monitor = VM_ASSIST};
    return (struct twins_how){.policy = (enum shadow_policy)number};
}

#define PAIRS (SLICES * WAYS)

/* Whether it is the turn of that slice and that way. */
static bool chosen(unsigned slice, unsigned number, unsigned turn)
{
    if (PZ_DEBUG)
        return (slice * WAYS + number + turn) % PAIRS == 0;
    return (slice + number + turn) % PARTS == 0;
}

static void run_way(struct twins_machine *machine, const struct twins_record *record,
                    const struct twins_record *other, struct twins_how how, unsigned turn)
{
    if (!monitor_works(how.monitor, machine->engine->ops->abilities))
        return;
    if (!PZ_DEBUG || turn / PAIRS % 2)
        run_alone(machine, record, &how);
    how.shadow_tables = SHADOW_TABLES_LEAST; /* so that there are evictions */
    if (!PZ_DEBUG || turn / PAIRS % 2 == 0)
        run_beside(machine, record, other, &how);
}

/* `turn` decides which part it is. */
static void run_all(const struct engine_maker *maker, const struct twins_record *record,
                    const struct twins_record *other, unsigned turn)
{
    struct twins_machine machine;

    ck_assert(twins_machine_init(&machine, maker, TWINS_MACHINE));
    for (unsigned slice = 0; slice < SLICES; slice++)
        for (unsigned number = 0; number < WAYS; number++) {
            if (!chosen(slice, number, turn))
                continue;
            machine.vmm.slice = slices[slice];
            run_way(&machine, record, other, way(number), turn);
        }
    twins_machine_fini(&machine);
}

/* What it does bare is what it is meant to do: its own checks hold. */
static struct twins_record *record_checked(const struct twins_guest *guest)
{
    struct twins_record *record = twins_record(guest);

    ck_assert_msg(record->end == guest->end, "%s bare: %s: %s", guest->name,
                  vm_end_text(record->end), (char *)record->console.bytes);
    return record;
}

START_TEST(micro_guests_are_equivalent)
{
    unsigned index = (unsigned)_i / engine_maker_count;
    struct twins_record *record = record_checked(&micro_guests[index]);
    struct twins_record *other = record_checked(neighbour(index));

    run_all(&engine_makers[(unsigned)_i % engine_maker_count], record, other,
            index + (unsigned)_i % engine_maker_count);
    twins_record_free(record);
    twins_record_free(other);
}
END_TEST

int main(void)
{
    const struct loop loops[] = {
        {micro_guests_are_equivalent, micro_guest_count * engine_maker_count},
    };

    return LOOPS_RUN("equivalence", loops);
}
