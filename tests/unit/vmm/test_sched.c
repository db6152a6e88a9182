/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_sched.c - whose turn it is: shares are exact over time, whatever happens to other VMs, and
 * no VM gains by waiting, sleeping or trapping. The engine is a stub that retires its budget.
 */
#include "tests/support/stub_engine.h"
#include "tests/support/suite.h"
#include "vmm/sched.h"

#define SIZE (8u << 20)
#define VMS 4

static struct stub stub;
static struct vmm vmm;
static struct vm vms[VMS];

static void begin(unsigned count, const uint32_t *shares, uint64_t slice)
{
    const struct vmm_host host = {0};

    stub_init(&stub, SIZE);
    ck_assert(vmm_init(&vmm, &stub.engine, &host));
    vmm.slice = slice;
    for (unsigned i = 0; i < count; i++) {
        const struct vm_config config = {.ram_size = 1u << 20,
                                         .shares = shares[i],
                                         .limit = UINT64_MAX,
                                         .shadow_tables = 16};

        ck_assert(vmm_add(&vmm, &vms[i], &config));
        vmm_boot(&vms[i], 0, 0);
    }
}

static void turns(unsigned count)
{
    while (count--)
        ck_assert_uint_eq(vmm_run(&vmm, NULL), VMM_RAN);
}

static uint64_t retired(unsigned i)
{
    return vm_retired(&vms[i]);
}

START_TEST(equal_shares_take_turns)
{
    const uint32_t shares[] = {100, 100, 100};
    struct vm *ran;

    begin(3, shares, 1000);
    for (unsigned i = 0; i < 30; i++) {
        ck_assert_uint_eq(vmm_run(&vmm, &ran), VMM_RAN);
        ck_assert_ptr_eq(ran, &vms[i % 3]);
    }
    ck_assert_uint_eq(retired(0), 10000);
    ck_assert_uint_eq(vmm.switches, 30);
    stub_fini(&stub);
}
END_TEST

/* After any number of rounds nobody is off its share by more than a slice. */
START_TEST(shares_are_kept)
{
    const uint32_t shares[] = {100, 200, 300, 50};
    const uint64_t slices[] = {1, 7, 1000};

    for (unsigned s = 0; s < 3; s++) {
        begin(4, shares, slices[s]);
        turns(1300);
        for (unsigned i = 0; i < 4; i++) {
            uint64_t ideal = 1300 * slices[s] * shares[i] / 650;

            ck_assert_uint_le(retired(i), ideal + 2 * slices[s]);
            ck_assert_uint_ge(retired(i) + 2 * slices[s], ideal);
        }
        stub_fini(&stub);
    }
}
END_TEST

START_TEST(the_order_is_always_the_same)
{
    const uint32_t shares[] = {3, 7, 11};
    uint64_t first[3];

    begin(3, shares, 10);
    turns(500);
    for (unsigned i = 0; i < 3; i++)
        first[i] = retired(i);
    stub_fini(&stub);
    begin(3, shares, 10);
    turns(500);
    for (unsigned i = 0; i < 3; i++)
        ck_assert_uint_eq(retired(i), first[i]);
    stub_fini(&stub);
}
END_TEST

/* Time that was not used is not saved up. */
START_TEST(who_was_paused_is_not_favoured)
{
    const uint32_t shares[] = {100, 100};
    uint64_t before[2];

    begin(2, shares, 100);
    vms[1].paused = true;
    turns(1000);
    ck_assert_uint_eq(retired(0), 100000);
    ck_assert_uint_eq(retired(1), 0);
    vms[1].paused = false;
    before[0] = retired(0);
    turns(20);
    ck_assert_uint_le(retired(1), 1100);
    ck_assert_uint_ge(retired(1), 900);
    before[1] = retired(0) - before[0];
    ck_assert_uint_ge(before[1], 900);
    stub_fini(&stub);
}
END_TEST

/* A long run later the passes begin again at 0. */
START_TEST(shares_are_kept_when_passes_run_over)
{
    const uint32_t shares[] = {100, 100};

    begin(2, shares, 1000);
    vmm.sched.pass = vms[0].sched.pass = vms[1].sched.pass =
        UINT64_MAX - (50000ull << 20) / 100;
    turns(200);
    ck_assert_uint_eq(retired(0), 100000);
    ck_assert_uint_eq(retired(1), 100000);
    stub_fini(&stub);
}
END_TEST

START_TEST(who_comes_late_starts_level)
{
    const uint32_t shares[] = {100};
    const struct vm_config config = {
        .ram_size = 1u << 20, .shares = 100, .limit = UINT64_MAX, .shadow_tables = 16};

    begin(1, shares, 100);
    turns(500);
    ck_assert(vmm_add(&vmm, &vms[1], &config));
    vmm_boot(&vms[1], 0, 0);
    turns(20);
    ck_assert_uint_le(retired(1), 1100);
    ck_assert_uint_ge(retired(0), 50000 + 900);
    stub_fini(&stub);
}
END_TEST

/* A turn in which nothing retires costs something: traps do not keep the CPU. */
START_TEST(an_empty_turn_is_charged)
{
    const uint32_t shares[] = {100, 100};
    uint64_t pass;

    begin(2, shares, 1000);
    pass = vms[0].sched.pass;
    sched_charge(&vms[0], 0);
    ck_assert_uint_gt(vms[0].sched.pass, pass);
    ck_assert_ptr_eq(sched_next(&vmm), &vms[1]);
    stub_fini(&stub);
}
END_TEST

START_TEST(the_dead_and_the_gone_are_passed_over)
{
    const uint32_t shares[] = {100, 100, 100};

    begin(3, shares, 10);
    vm_kill(&vms[0], VM_KILLED);
    turns(10);
    ck_assert_uint_eq(retired(0), 0);
    vmm_remove(&vmm, &vms[1]);
    turns(10);
    ck_assert_uint_eq(retired(1), 50);
    ck_assert_uint_eq(retired(2), 150);
    vm_kill(&vms[2], VM_KILLED);
    ck_assert_uint_eq(vmm_run(&vmm, NULL), VMM_DONE);
    stub_fini(&stub);
}
END_TEST

START_TEST(a_limit_is_exact)
{
    const uint32_t shares[] = {100, 100};

    begin(2, shares, 300);
    vms[0].config.limit = 1000;
    turns(20);
    ck_assert_uint_eq(retired(0), 1000);
    ck_assert_uint_eq(vms[0].end, VM_LIMIT);
    ck_assert_uint_gt(retired(1), 4000);
    stub_fini(&stub);
}
END_TEST

/* ---- The horizon: a guest's time does not run ahead of the host's ---- */

START_TEST(nobody_passes_the_horizon)
{
    const uint32_t shares[] = {100, 300};

    begin(2, shares, 64);
    vmm.horizon = 1000;
    while (vmm_run(&vmm, NULL) == VMM_RAN)
        ;
    ck_assert_uint_eq(vmm_run(&vmm, NULL), VMM_WAITING);
    ck_assert_uint_eq(hart_time(&vms[0].cpu->hart), 1000);
    ck_assert_uint_eq(hart_time(&vms[1].cpu->hart), 1000);
    ck_assert_uint_eq(vmm_wake_time(&vmm), 1001);
    vmm.horizon = 1001;
    turns(2);
    ck_assert_uint_eq(vmm_run(&vmm, NULL), VMM_WAITING);
    ck_assert_uint_eq(hart_time(&vms[0].cpu->hart), 1001);
    stub_fini(&stub);
}
END_TEST

#define WFI 0x10500073u

/* A WFI until a deadline beyond the horizon: it waits, and then has skipped exactly that. */
START_TEST(a_sleeper_wakes_in_time)
{
    const uint32_t shares[] = {100};

    begin(1, shares, 1000);
    vms[0].board.deadline = 5000;
    vms[0].cpu->hart.sie = IRQ_BIT(IRQ_STIMER);
    vmm.horizon = 4999;
    stub_then(&stub, 10, CAUSE_ILLEGAL_INSN, WFI);
    turns(1);
    ck_assert_uint_eq(retired(0), 11);
    ck_assert_uint_eq(vms[0].wake, 5000);
    ck_assert_uint_eq(vmm_run(&vmm, NULL), VMM_WAITING);
    ck_assert_uint_eq(vmm_wake_time(&vmm), 5000);
    ck_assert_uint_eq(vms[0].cpu->hart.skipped, 0);
    vmm.horizon = 6000;
    turns(1);
    ck_assert_uint_eq(vms[0].cpu->hart.skipped, 5000 - 11);
    ck_assert_uint_eq(vms[0].wake, 0);
    ck_assert_uint_eq(hart_time(&vms[0].cpu->hart), 6000);
    ck_assert(vms[0].cpu->hart.sip & IRQ_BIT(IRQ_STIMER));
    stub_fini(&stub);
}
END_TEST

/* With no horizon the time is skipped at once, and the rest of the slice given up. */
START_TEST(a_sleeper_gives_its_slice_away)
{
    const uint32_t shares[] = {100, 100};
    struct vm *ran;

    begin(2, shares, 1000);
    vms[0].board.deadline = 5000;
    vms[0].cpu->hart.sie = IRQ_BIT(IRQ_STIMER);
    stub_then(&stub, 10, CAUSE_ILLEGAL_INSN, WFI);
    turns(1);
    ck_assert_uint_eq(retired(0), 11);
    ck_assert_uint_eq(hart_time(&vms[0].cpu->hart), 5000);
    ck_assert_uint_eq(vmm_run(&vmm, &ran), VMM_RAN);
    ck_assert_ptr_eq(ran, &vms[1]);
    stub_fini(&stub);
}
END_TEST

/*
 * Two VMs' times stay together, though one sleeps and the other works; with several CPUs one sleep
 * a turn, however many more it takes until an interrupt comes.
 */
START_TEST(who_sleeps_is_charged_for_it)
{
    const uint32_t shares[] = {100, 100};

    for (unsigned harts = 1; harts <= 2; harts++) {
        struct vm *ran;

        begin(2, shares, 1000);
        harts_set(&vms[0].board.harts, harts, 1000);
        vms[0].board.deadline = 5000;
        vms[0].cpu->hart.sie = IRQ_BIT(IRQ_STIMER);
        stub_then(&stub, 10, CAUSE_ILLEGAL_INSN, WFI);
        turns(1);
        ck_assert_uint_eq(hart_time(&vms[0].cpu->hart), 5000);
        for (unsigned turn = 1; turn <= 5; turn++) {
            ck_assert_uint_eq(vmm_run(&vmm, &ran), VMM_RAN);
            ck_assert_ptr_eq(ran, &vms[1]);
            ck_assert_uint_eq(hart_time(&vms[1].cpu->hart), 1000 * turn);
        }
        ck_assert_uint_eq(vmm_run(&vmm, &ran), VMM_RAN);
        ck_assert_ptr_eq(ran, &vms[0]);
        stub_fini(&stub);
    }
}
END_TEST

static uint64_t seen_at;

static void see(void *owner, const struct hart *hart, const struct trap *trap)
{
    (void)owner, (void)trap;
    seen_at = hart->retired;
}

/* The timer's deadline ends a stay on the CPU at its exact count; the interrupt comes there. */
START_TEST(a_deadline_is_exact)
{
    const uint32_t shares[] = {100};

    begin(1, shares, 1000);
    vms[0].board.host.observe = see;
    vms[0].board.deadline = 123;
    vms[0].cpu->hart.sie = IRQ_BIT(IRQ_STIMER);
    vms[0].cpu->hart.sstatus = 1u << 1;
    vms[0].cpu->hart.pc = 0x500;
    vms[0].cpu->hart.stvec = 0x900;
    turns(1);
    ck_assert_uint_eq(seen_at, 123);
    ck_assert_uint_eq(vms[0].board.traps, 1);
    ck_assert_uint_eq(vms[0].cpu->hart.scause, CAUSE_INTERRUPT | IRQ_STIMER);
    ck_assert_uint_eq(vms[0].cpu->hart.sepc, 0x500);
    ck_assert_uint_eq(vms[0].counters.action[TRACE_INTERRUPT].count, 1);
    ck_assert_uint_eq(retired(0), 1000);
    stub_fini(&stub);
}
END_TEST

SUITE_MAIN("sched", equal_shares_take_turns, shares_are_kept, the_order_is_always_the_same,
           who_was_paused_is_not_favoured, who_comes_late_starts_level,
           shares_are_kept_when_passes_run_over, an_empty_turn_is_charged,
           the_dead_and_the_gone_are_passed_over, a_limit_is_exact, nobody_passes_the_horizon,
           a_sleeper_wakes_in_time, a_sleeper_gives_its_slice_away,
           who_sleeps_is_charged_for_it, a_deadline_is_exact)
