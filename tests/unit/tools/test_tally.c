/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_tally.c - counted exits: none is lost while the steps grow, each is in the step of its
 * place, and the last before a place is found.
 */
#include "tests/support/suite.h"
#include "tools/travel/tally.h"

#define BEGIN 1000u
#define EXITS 5000u

static struct tally tally;

/* One every 101 instructions of each VM in turn; every third is a world switch. */
static uint64_t place(unsigned i)
{
    return BEGIN + 101ull * i;
}

static enum trace_action action_of(unsigned i)
{
    return i % 3 ? TRACE_FILL : TRACE_SWITCH;
}

static void count_all(unsigned vms)
{
    struct problem problem;

    ck_assert_int_eq(tally_open(&tally, vms, BEGIN, &problem), PZ_OK);
    for (unsigned i = 0; i < EXITS; i++)
        tally_add(&tally, place(i), i % vms, action_of(i));
}

START_TEST(test_sums)
{
    uint64_t middle, end, all = 0;

    count_all(2);
    middle = tally_step(&tally, place(EXITS / 2));
    end = place(EXITS) + tally.width;
    ck_assert_uint_gt(tally.width, 1);
    for (unsigned vm = 0; vm < 2; vm++)
        for (unsigned action = 0; action < TRACE_ACTIONS; action++) {
            uint64_t sum = tally_sum(&tally, vm, (enum trace_action)action, BEGIN, end);

            ck_assert_uint_eq(sum, tally_sum(&tally, vm, action, BEGIN, middle) +
                                       tally_sum(&tally, vm, action, middle, end));
            all += sum;
        }
    ck_assert_uint_eq(all, EXITS);
    ck_assert(!tally.lost);
    tally_close(&tally);
}
END_TEST

START_TEST(test_exit_before)
{
    count_all(2);
    for (unsigned i = 10; i < EXITS; i++) {
        uint64_t found = tally_exit_before(&tally, i % 2, place(i));
        unsigned last = i - 2;

        while (action_of(last) == TRACE_SWITCH || place(last) >= tally_step(&tally, place(i)))
            last -= 2;
        ck_assert_uint_eq(found, tally_step(&tally, place(last)));
    }
    ck_assert_uint_eq(tally_exit_before(&tally, 0, BEGIN), BEGIN);
    tally_begin(&tally, 7);
    ck_assert_uint_eq(tally_exit_before(&tally, 0, place(EXITS)), 7);
    tally_close(&tally);
}
END_TEST

/* Many VMs have fewer steps each. */
START_TEST(test_many)
{
    count_all(100);
    ck_assert_uint_lt(tally.steps, 4096);
    ck_assert_uint_eq(tally_sum(&tally, 1, TRACE_FILL, BEGIN, UINT64_MAX) +
                          tally_sum(&tally, 1, TRACE_SWITCH, BEGIN, UINT64_MAX),
                      EXITS / 100);
    tally_close(&tally);
}
END_TEST

SUITE_MAIN("tally", test_sums, test_exit_before, test_many)
