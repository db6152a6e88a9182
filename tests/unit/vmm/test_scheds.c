/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_scheds.c - what is promised of every scheduler: shares over time, the same order in every
 * run, caps, reservations; and what one alone promises. The engine is a stub that retires its
 * budget, or traps where it was told.
 */
#include "tests/support/stub_engine.h"
#include "tests/support/suite.h"
#include "vmm/sched.h"

#define SIZE (8u << 20)
#define VMS 4
#define SLICE 1000u
#define CSR_INSN 0x14001073u /* csrw sscratch, zero */

static struct stub stub;
static struct vmm vmm;
static struct vm vms[VMS];

static void begin(enum sched_kind kind, enum sched_charge charge, unsigned count,
                  const struct vm_config *configs)
{
    const struct vmm_host host = {0};

    stub_init(&stub, SIZE);
    ck_assert(vmm_init(&vmm, &stub.engine, &host));
    sched_init(&vmm, kind, charge, 1);
    vmm.slice = SLICE;
    for (unsigned i = 0; i < count; i++) {
        struct vm_config config = configs[i];

        config.ram_size = 1u << 20;
        config.limit = UINT64_MAX;
        config.shadow_tables = 16;
        ck_assert(vmm_add(&vmm, &vms[i], &config));
        vmm_boot(&vms[i], 0, 0);
    }
}

static void run_until(uint64_t clock)
{
    while (vmm.sched.clock < clock)
        ck_assert_uint_eq(vmm_run(&vmm, NULL), VMM_RAN);
}

static uint64_t got(unsigned i)
{
    return vm_retired(&vms[i]);
}

/* Is it `percent` of the machine's time, but for `slack` instructions? */
static void expect_percent(unsigned i, unsigned percent, uint64_t slack)
{
    uint64_t ideal = vmm.sched.clock * percent / 100;

    ck_assert_msg(got(i) + slack >= ideal && got(i) <= ideal + slack,
                  "%s: vm%u got %llu, not %llu",
                  sched_desc((enum sched_kind)vmm.sched.kind)->name, i,
                  (unsigned long long)got(i), (unsigned long long)ideal);
}

/* Those that choose by what has run so far are off by turns, however long; lots only on average. */
START_TEST(each_keeps_shares)
{
    const struct vm_config configs[] = {{.shares = 100}, {.shares = 200}, {.shares = 700}};

    for (unsigned kind = 0; kind < SCHEDS; kind++) {
        uint64_t slack = kind == SCHED_LOTTERY ? 60 * SLICE : 6 * SLICE;

        begin((enum sched_kind)kind, SCHED_CHARGE_INSNS, 3, configs);
        run_until(2000 * SLICE);
        expect_percent(0, 10, slack);
        expect_percent(1, 20, slack);
        expect_percent(2, 70, slack);
        ck_assert_uint_eq(vmm.sched.clock, got(0) + got(1) + got(2));
        stub_fini(&stub);
    }
}
END_TEST

static uint64_t order_of(enum sched_kind kind, uint64_t seed)
{
    const struct vm_config configs[] = {{.shares = 3}, {.shares = 7}, {.shares = 11}};
    uint64_t hash = 0;
    struct vm *ran;

    begin(kind, SCHED_CHARGE_INSNS, 3, configs);
    vmm.sched.random = seed;
    for (unsigned i = 0; i < 300; i++) {
        ck_assert_uint_eq(vmm_run(&vmm, &ran), VMM_RAN);
        hash = hash * 31 + ran->id;
    }
    stub_fini(&stub);
    return hash;
}

START_TEST(each_has_one_order)
{
    for (unsigned kind = 0; kind < SCHEDS; kind++) {
        uint64_t first = order_of((enum sched_kind)kind, 1);

        ck_assert_uint_eq(order_of((enum sched_kind)kind, 1), first);
        ck_assert_int_eq(order_of((enum sched_kind)kind, 2) != first, kind == SCHED_LOTTERY);
    }
}
END_TEST

START_TEST(each_keeps_caps)
{
    const struct vm_config configs[] = {{.shares = 100, .cap = 10}, {.shares = 100}};

    for (unsigned kind = 0; kind < SCHEDS; kind++) {
        begin((enum sched_kind)kind, SCHED_CHARGE_INSNS, 2, configs);
        run_until(1000 * SLICE);
        ck_assert_uint_le(got(0), 101 * SLICE);
        expect_percent(0, 10, kind == SCHED_LOTTERY ? 20 * SLICE : 2 * SLICE);
        ck_assert_uint_eq(vmm.sched.clock, got(0) + got(1));
        stub_fini(&stub);
    }
}
END_TEST

/* What a cap leaves is not given away: the machine idles. */
START_TEST(each_idles_for_a_cap)
{
    const struct vm_config configs[] = {{.shares = 100, .cap = 25}, {.shares = 100, .cap = 5}};

    for (unsigned kind = 0; kind < SCHEDS; kind++) {
        begin((enum sched_kind)kind, SCHED_CHARGE_INSNS, 2, configs);
        run_until(1000 * SLICE);
        expect_percent(0, 25, 2 * SLICE);
        expect_percent(1, 5, 2 * SLICE);
        stub_fini(&stub);
    }
}
END_TEST

START_TEST(each_keeps_reservations)
{
    const struct vm_config configs[] = {
        {.shares = 1, .reserve = 30}, {.shares = 1000}, {.shares = 1000}};

    for (unsigned kind = 0; kind < SCHEDS; kind++) {
        begin((enum sched_kind)kind, SCHED_CHARGE_INSNS, 3, configs);
        run_until(1000 * SLICE);
        expect_percent(0, 30, 3 * SLICE);
        stub_fini(&stub);
    }
}
END_TEST

/* One that has waited does not claim what it has not used. */
START_TEST(a_reservation_is_not_saved_up)
{
    const struct vm_config configs[] = {{.shares = 1, .reserve = 30}, {.shares = 1000}};

    begin(SCHED_STRIDE, SCHED_CHARGE_INSNS, 2, configs);
    run_until(SLICE);
    vms[0].paused = true;
    run_until(1000 * SLICE);
    vms[0].paused = false;
    ck_assert_uint_le(got(0), 2 * SLICE);
    run_until(1100 * SLICE);
    ck_assert_uint_le(got(0), 35 * SLICE);
    ck_assert_uint_ge(got(0), 28 * SLICE);
    stub_fini(&stub);
}
END_TEST

/* A reservation that comes later is about the time from then on. */
START_TEST(a_reservation_may_come_later)
{
    const struct vm_config configs[] = {{.shares = 1}, {.shares = 19}};
    uint64_t before;

    begin(SCHED_STRIDE, SCHED_CHARGE_INSNS, 2, configs);
    run_until(1000 * SLICE);
    vms[0].config.reserve = 50;
    before = got(0);
    run_until(1100 * SLICE);
    ck_assert_uint_ge(got(0) - before, 45 * SLICE);
    ck_assert_uint_le(got(0) - before, 65 * SLICE);
    stub_fini(&stub);
}
END_TEST

/* The machine's time in which VM 0 runs for the first time after it was woken. */
static uint64_t latency(enum sched_kind kind)
{
    const struct vm_config configs[] = {
        {.shares = 100}, {.shares = 100}, {.shares = 100}, {.shares = 100}};
    uint64_t before, woken, worst = 0;

    begin(kind, SCHED_CHARGE_INSNS, 4, configs);
    for (unsigned i = 0; i < 50; i++) {
        vms[0].paused = true;
        run_until(vmm.sched.clock + 8 * SLICE);
        vms[0].paused = false;
        before = got(0);
        woken = vmm.sched.clock;
        while (got(0) == before)
            ck_assert_uint_eq(vmm_run(&vmm, NULL), VMM_RAN);
        if (vmm.sched.clock - woken - SLICE > worst)
            worst = vmm.sched.clock - woken - SLICE;
    }
    stub_fini(&stub);
    return worst;
}

/* Who wakes up is preferred where that is what the scheduler is for. */
START_TEST(some_wake_at_once)
{
    ck_assert_uint_eq(latency(SCHED_BVT), 0);
    ck_assert_uint_eq(latency(SCHED_CREDIT), 0);
    ck_assert_uint_gt(latency(SCHED_LOTTERY), 3 * SLICE);
}
END_TEST

/* ---- What is charged ---- */

/* Each retires a CSR instruction after ten others, and that is an exit. */
static void storm(unsigned exits)
{
    for (unsigned i = 0; i < exits; i++)
        stub_then(&stub, 10, CAUSE_ILLEGAL_INSN, CSR_INSN);
}

START_TEST(exits_end_a_turn_earlier)
{
    const struct vm_config configs[] = {{.shares = 100}};

    begin(SCHED_STRIDE, SCHED_CHARGE_EXITS, 1, configs);
    storm(3);
    ck_assert_uint_eq(vmm_run(&vmm, NULL), VMM_RAN);
    ck_assert_uint_eq(vms[0].counters.exits, 3);
    ck_assert_uint_eq(got(0), SLICE - 3 * SCHED_EXIT_PRICE);
    ck_assert_uint_eq(vmm.sched.clock, SLICE);
    stub_fini(&stub);

    begin(SCHED_STRIDE, SCHED_CHARGE_INSNS, 1, configs);
    storm(3);
    ck_assert_uint_eq(vmm_run(&vmm, NULL), VMM_RAN);
    ck_assert_uint_eq(got(0), SLICE);
    ck_assert_uint_eq(vmm.sched.clock, SLICE);
    stub_fini(&stub);
}
END_TEST

/* However a turn is cut, it is the same turn. */
START_TEST(a_priced_turn_can_be_cut)
{
    const struct vm_config configs[] = {{.shares = 100}};

    for (uint64_t cut = 1; cut < 40; cut += 3) {
        begin(SCHED_STRIDE, SCHED_CHARGE_EXITS, 1, configs);
        storm(3);
        while (vmm.sched.clock == 0)
            ck_assert_uint_eq(vmm_stay(&vmm, cut), VMM_RAN);
        ck_assert_uint_eq(got(0), SLICE - 3 * SCHED_EXIT_PRICE);
        ck_assert_uint_eq(vmm.sched.clock, SLICE);
        stub_fini(&stub);
    }
}
END_TEST

static uint64_t host_now;

static uint64_t host_clock(void *owner)
{
    (void)owner;
    return host_now;
}

/* VM 0 takes seven times as long for an instruction as VM 1: each gets half of the time. */
START_TEST(host_time_is_shared)
{
    const struct vm_config configs[] = {{.shares = 100}, {.shares = 100}};
    struct vm *ran;

    host_now = 1;
    begin(SCHED_STRIDE, SCHED_CHARGE_HOST, 2, configs);
    vmm.host.turns = host_clock;
    for (unsigned i = 0; i < 800; i++) {
        struct vm *next = vmm_next(&vmm);

        host_now += next == &vms[0] ? 700 : 100;
        ck_assert_uint_eq(vmm_run(&vmm, &ran), VMM_RAN);
    }
    ck_assert_uint_eq(got(0) / SLICE, 100);
    ck_assert_uint_eq(got(1) / SLICE, 700);
    stub_fini(&stub);
}
END_TEST

#define LOOK 10u /* what a look at the clock takes */

static uint64_t slow_clock(void *owner)
{
    (void)owner;
    host_now += LOOK;
    return host_now - LOOK;
}

/* VM 0 has short turns: what it takes to begin and to end them is its own loss. */
START_TEST(the_monitors_time_is_paid_for)
{
    const struct vm_config configs[] = {{.shares = 100}, {.shares = 100}};
    uint64_t took[2] = {0};

    host_now = 1;
    begin(SCHED_STRIDE, SCHED_CHARGE_HOST, 2, configs);
    vmm.host.turns = slow_clock;
    for (unsigned i = 0; i < 2000; i++) {
        uint64_t start = host_now;
        bool first = vmm_next(&vmm) == &vms[0];

        host_now += first ? 100 : 10000;
        ck_assert_uint_eq(vmm_run(&vmm, NULL), VMM_RAN);
        took[!first] += host_now - start;
    }
    ck_assert_uint_lt(took[0] * 100, took[1] * 112);
    ck_assert_uint_lt(took[1] * 100, took[0] * 112);
    stub_fini(&stub);
}
END_TEST

/* Who takes long for its turns has short ones: as long as a turn may take. */
START_TEST(a_turn_in_host_time_is_not_long)
{
    const struct vm_config configs[] = {{.shares = 100}, {.shares = 100}};

    host_now = 1;
    begin(SCHED_STRIDE, SCHED_CHARGE_HOST, 2, configs);
    vmm.host.turns = host_clock;
    vmm.slice = 100000;
    for (unsigned i = 0; i < 40; i++) {
        struct vm *next = vmm_next(&vmm);
        uint64_t turn = vmm.turn.end - vmm.turn.start;

        if (next == &vms[0] && i > 4)
            ck_assert_uint_eq(turn, SCHED_HOST_TURN_NS / 1000);
        host_now += turn * (next == &vms[0] ? 1000 : 1);
        ck_assert_uint_eq(vmm_run(&vmm, NULL), VMM_RAN);
    }
    stub_fini(&stub);
}
END_TEST

/* Nobody can make the host's time go on: the run has to wait. */
START_TEST(a_cap_in_host_time_holds)
{
    const struct vm_config configs[] = {{.shares = 100, .cap = 50}};

    host_now = 1;
    begin(SCHED_STRIDE, SCHED_CHARGE_HOST, 1, configs);
    vmm.host.turns = host_clock;
    ck_assert_ptr_eq(vmm_next(&vmm), &vms[0]);
    host_now += 100;
    ck_assert_uint_eq(vmm_run(&vmm, NULL), VMM_RAN);
    ck_assert_uint_eq(vmm_run(&vmm, NULL), VMM_WAITING);
    ck_assert(sched_held(&vmm));
    host_now += 99;
    ck_assert_uint_eq(vmm_run(&vmm, NULL), VMM_WAITING);
    host_now += 1;
    ck_assert_uint_eq(vmm_run(&vmm, NULL), VMM_RAN);
    stub_fini(&stub);
}
END_TEST

#define HOUR_NS 3600000000000u
#define TURN_NS 1000000u

static void run_for_turns(unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        (void)vmm_next(&vmm);
        host_now += TURN_NS;
        ck_assert_uint_eq(vmm_run(&vmm, NULL), VMM_RAN);
    }
}

/* This process is stopped within a turn: its VM is not to pay for hours, nor others to be ahead. */
START_TEST(hours_in_which_nothing_ran_are_nobodys)
{
    const unsigned most = 3 * (SCHED_HOST_STEP_MOST / TURN_NS);
    const struct vm_config configs[] = {
        {.shares = 100, .cap = 50}, {.shares = 100, .reserve = 20}, {.shares = 100}};
    uint64_t before[3];

    host_now = 1;
    begin(SCHED_STRIDE, SCHED_CHARGE_HOST, 3, configs);
    vmm.host.turns = host_clock;
    run_for_turns(100);
    while (vmm_next(&vmm) != &vms[0])
        run_for_turns(1);
    host_now += HOUR_NS;
    run_for_turns(most);
    for (unsigned k = 0; k < 3; k++)
        before[k] = got(k);
    run_for_turns(3000);
    for (unsigned k = 0; k < 3; k++)
        ck_assert_msg((got(k) - before[k]) / SLICE > 500, "VM %u has been held back", k);
    stub_fini(&stub);
}
END_TEST

SUITE_MAIN("scheds", each_keeps_shares, each_has_one_order, each_keeps_caps,
           each_idles_for_a_cap, each_keeps_reservations, a_reservation_is_not_saved_up,
           a_reservation_may_come_later, some_wake_at_once, exits_end_a_turn_earlier,
           a_priced_turn_can_be_cut, host_time_is_shared, the_monitors_time_is_paid_for,
           a_turn_in_host_time_is_not_long, a_cap_in_host_time_holds,
           hours_in_which_nothing_ran_are_nobodys)
