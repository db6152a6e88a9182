/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_neighbours.c - isolation of performance, as counts: beside any neighbour a VM takes exactly
 * as many exits as alone, for the same reasons, and `jit` does no more work for both together than
 * for each alone. What is left of a neighbour's influence is in the host's own caches. How turns
 * are divided is left to unit/test_scheds.
 */
#include "tests/support/guests.h"
#include "tests/support/loops.h"

#if PZ_HAVE_JIT
#include "isa/engine/jit/jit.h"

/* They compute, write to memory, fork, print, and keep the monitor busy with exits. */
static const char *const neighbours[] = {
    "primes 20000", "memtest 400", "forktest; forktest", "ls; ls; ls; ls", "usertests",
};
#define NEIGHBOURS (sizeof neighbours / sizeof neighbours[0])
#define VICTIM "ls; forktest"

static struct twins one, two;

/* The engine's work: code that was translated and dropped, entries of its tables. */
struct work {
    uint64_t blocks, invalidated, flushes, fills;
};

static struct work work_of(const struct twins_machine *machine)
{
    const struct jit_stats *stats = jit_stats((const struct jit *)machine->engine);

    return (struct work){stats->blocks, stats->invalidated, stats->flushes, stats->fills};
}

static const struct engine_maker *jit_maker(void)
{
    unsigned i = 0;

    while (strcmp(engine_makers[i].name, "jit"))
        i++;
    return &engine_makers[i];
}

/* The victim, or with NULL nobody, beside the other. */
static struct work run(const struct twins_record *victim, const struct twins_record *other,
                       enum vm_monitor monitor)
{
    struct twins_how how = {.monitor = monitor};
    struct twins_machine machine;
    struct work work;

    ck_assert(twins_machine_init(&machine, jit_maker(), TWINS_MACHINE));
    if (victim)
        twins_add(&one, &machine, victim, &how);
    if (other)
        twins_add(&two, &machine, other, &how);
    twins_run(&machine, UINT64_MAX);
    work = work_of(&machine);
    if (other)
        twins_remove(&two);
    if (victim)
        twins_remove(&one);
    twins_machine_fini(&machine);
    return work;
}

/* World switches are the turns' own. */
static void check_counters(const struct trace_counters *beside,
                           const struct trace_counters *alone)
{
    ck_assert_uint_eq(beside->exits, alone->exits);
    ck_assert_uint_eq(beside->emulated, alone->emulated);
    ck_assert_uint_eq(beside->interpreted, alone->interpreted);
    for (unsigned i = 0; i < TRACE_ACTIONS; i++)
        if (i != TRACE_SWITCH)
            ck_assert_uint_eq(beside->action[i].count, alone->action[i].count);
    for (unsigned i = 0; i < CAUSE_EXCEPTIONS; i++)
        ck_assert_uint_eq(beside->cause[i].count, alone->cause[i].count);
    for (unsigned i = 0; i < INSN_COUNT; i++)
        ck_assert_uint_eq(beside->insn[i].count, alone->insn[i].count);
}

/* Code and entries of what ran when a turn ended may be there twice. */
#define A_FEW 64u

static void check_work(struct work both, struct work victim, struct work other)
{
    ck_assert_uint_eq(both.flushes, 0);
    ck_assert_uint_le(both.invalidated, victim.invalidated + other.invalidated);
    ck_assert_uint_le(both.blocks, victim.blocks + other.blocks + A_FEW);
    ck_assert_uint_le(both.fills, victim.fills + other.fills + A_FEW);
}

static void check(const struct twins_record *victim, const struct twins_record *other,
                  enum vm_monitor monitor)
{
    struct work alone = run(victim, NULL, monitor), both;
    struct trace_counters counters = one.vm.counters;
    uint64_t prefills = one.vm.shadow.prefills;

    both = run(victim, other, monitor);
    check_counters(&one.vm.counters, &counters);
    ck_assert_uint_eq(one.vm.shadow.prefills, prefills);
    check_work(both, alone, run(NULL, other, monitor));
}

/* _i: which neighbour. */
START_TEST(a_neighbour_adds_no_work)
{
    static struct twins_guest guests[2];
    struct twins_record *victim, *other;

    guests[0] = mini_guest(VICTIM);
    guests[1] = mini_guest(neighbours[_i]);
    victim = twins_record(&guests[0]);
    other = twins_record(&guests[1]);
    check(victim, other, VM_PLAIN);
    check(victim, other, VM_ASSIST);
    twins_record_free(victim);
    twins_record_free(other);
}
END_TEST

int main(void)
{
    const struct loop loops[] = {{a_neighbour_adds_no_work, NEIGHBOURS}};

    return LOOPS_RUN("neighbours", loops);
}

#else

int main(void)
{
    return 77; /* the engine whose work is counted is not in this build */
}

#endif
