/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_measure.c - the verdict of pz compare: whatever differs at the end of a run is noticed, and
 * of a guest that knows where it ran only its output and its end.
 */
#include <stddef.h>

#include "tests/support/suite.h"
#include "tools/compare/measure.h"

static char said[] = "hello", other[] = "hellO";

static struct measure_end some_end(void)
{
    struct measure_end end = {
        .end = "off",
        .retired = 1000,
        .ram = 0x1234,
        .console = {.bytes = said, .len = 5},
        .cpus = 2,
    };

    for (unsigned id = 0; id < end.cpus; id++)
        hart_reset(&end.harts[id], 0x80000000u + id);
    return end;
}

static void check(const struct measure_end *end, enum measure_verdict verdict,
                  enum measure_verdict of_knowing)
{
    const struct measure_end bare = some_end();

    ck_assert_int_eq(measure_compare(&bare, end, false), verdict);
    ck_assert_int_eq(measure_compare(&bare, end, true), of_knowing);
}

START_TEST(the_same_is_the_same)
{
    struct measure_end end = some_end();

    check(&end, MEASURE_SAME, MEASURE_SAME);
}
END_TEST

START_TEST(output_counts_for_all)
{
    struct measure_end end = some_end();

    end.console.bytes = other;
    check(&end, MEASURE_DIFFERENT, MEASURE_DIFFERENT);
    end = some_end();
    end.console.len--;
    check(&end, MEASURE_DIFFERENT, MEASURE_DIFFERENT);
    end = some_end();
    end.end = "failed";
    check(&end, MEASURE_DIFFERENT, MEASURE_DIFFERENT);
}
END_TEST

START_TEST(state_counts_for_those_that_do_not_know)
{
    struct measure_end end = some_end();

    end.retired++;
    check(&end, MEASURE_DIFFERENT, MEASURE_OUTPUT);
    end = some_end();
    end.ram ^= 1;
    check(&end, MEASURE_DIFFERENT, MEASURE_OUTPUT);
    end = some_end();
    end.cpus--;
    check(&end, MEASURE_DIFFERENT, MEASURE_OUTPUT);
    end = some_end();
    end.harts[1].x[31] = 7;
    check(&end, MEASURE_DIFFERENT, MEASURE_OUTPUT);
    end = some_end();
    end.harts[0].sepc = 4;
    check(&end, MEASURE_DIFFERENT, MEASURE_OUTPUT);
}
END_TEST

SUITE_MAIN("measure", the_same_is_the_same, output_counts_for_all,
           state_counts_for_those_that_do_not_know)
