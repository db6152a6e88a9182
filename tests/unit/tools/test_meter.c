/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_meter.c - page-times are right however seldom or often they are added up, and after years;
 * and what is owed stays a number.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/support/suite.h"
#include "tools/control/control.h"

#define YEAR_NS (365ull * 24 * 3600 * 1000000000u)

static struct options options;
static struct machine machine;
static struct session session;
static struct session_port port;
static struct meters meters;

static void start(void)
{
    static char *words[] = {"run", "--vms", "1", "--engine", "spec", PZ_GUESTS "/t_churn.elf"};
    const struct board_host boards[1] = {0};
    const struct machine_hosts hosts = {.boards = boards};
    const struct engines_kind *kind;
    struct problem problem;

    ck_assert(!options_read(&options, OPTIONS_RUN, 6, words, &problem));
    ck_assert(!engines_choose("spec", false, &kind, &problem));
    ck_assert(!machine_open(&machine, &options, kind, &hosts, &problem));
    session = (struct session){.ports = &port, .count = 1};
    ck_assert(!meters_open(&meters, 1, &problem));
    meters_start(&meters, &machine, &session);
}

static void stop(void)
{
    meters_close(&meters);
    machine_close(&machine);
    options_free(&options);
}

static void expect_page_seconds(double seconds)
{
    double pages = meters_value(&meters, 0, METER_PAGES);
    double value = meters_value(&meters, 0, METER_PAGE_HOST);

    ck_assert_msg(fabs(value / (pages * seconds) - 1) < 1e-6, "%g, not %g", value,
                  pages * seconds);
}

START_TEST(years_are_counted)
{
    uint64_t begin;

    start();
    begin = meters.looked;
    for (unsigned year = 1; year <= 100; year++)
        meters_look(&meters, begin + year * YEAR_NS);
    expect_page_seconds(100 * (double)YEAR_NS / 1e9);
    stop();
}
END_TEST

START_TEST(no_time_is_lost_between_looks)
{
    uint64_t now;

    start();
    now = meters.looked;
    for (unsigned i = 0; i < 100000; i++)
        meters_look(&meters, now += 100000999);
    expect_page_seconds(100000 * 0.100000999);
    stop();
}
END_TEST

START_TEST(time_of_the_guest_counts)
{
    double pages;

    start();
    (void)vmm_stay(&machine.vmm, 20000000);
    meters_turn(&meters, 0);
    pages = meters_value(&meters, 0, METER_PAGES);
    ck_assert(fabs(meters_value(&meters, 0, METER_PAGE_VIRTUAL) -
                   pages * (double)hart_time(&machine.vms[0].cpu->hart) / BOARD_TIMEBASE_HZ) <
              pages * 1e-6);
    ck_assert(meters_value(&meters, 0, METER_PAGE_VIRTUAL) > 0);
    stop();
}
END_TEST

START_TEST(the_highest_prices_give_a_bill)
{
    static const char text[] =
        "{\"currency\": \"EUR\", \"prices\": {\"page_seconds\": 1e15, \"exits\": 1e15}}";
    char path[] = "/tmp/pz-prices-XXXXXX";
    int fd = mkstemp(path);
    struct problem problem;
    struct bill bill;
    json_t *document;

    ck_assert(write(fd, text, sizeof text - 1) == sizeof text - 1);
    close(fd);
    start();
    ck_assert(!bill_read(&bill, path, &problem));
    unlink(path);
    meters.of[0].page_host_us = UINT64_MAX;
    machine.vms[0].counters.exits = UINT64_MAX;
    document = bill_json(&bill, &meters, 0);
    ck_assert_uint_eq(json_array_size(json_object_get(document, "items")), 2);
    ck_assert(json_is_real(json_object_get(document, "amount")));
    ck_assert(json_real_value(json_object_get(document, "host_amount")) > 1e27);
    json_decref(document);
    stop();
}
END_TEST

SUITE_MAIN("meter", years_are_counted, no_time_is_lost_between_looks, time_of_the_guest_counts,
           the_highest_prices_give_a_bill)
