/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_profile.c - the interval of a profile's samples and the turns of several CPUs: code gets its
 * share of a thousand samples, wherever in the turns it runs.
 */
#include "tests/support/suite.h"
#include "tools/host/host.h"
#include "vmm/board/harts.h"

#define SAMPLES 1000u
#define PARTS 10u
#define SHORT_MOST 64u /* instructions of the turns of CPUs that only look for work */

static void check_turns(uint64_t length)
{
    unsigned parts[PARTS] = {0};

    for (uint64_t i = 0; i < SAMPLES; i++)
        parts[i * OPTIONS_PROFILE_DEFAULT % length * PARTS / length]++;
    for (unsigned i = 0; i < PARTS; i++) {
        ck_assert_uint_gt(parts[i], SAMPLES / PARTS * 8 / 10);
        ck_assert_uint_lt(parts[i], SAMPLES / PARTS * 12 / 10);
    }
}

START_TEST(test_each_part_of_the_turns_has_its_share)
{
    for (uint64_t busy = 1; busy <= HARTS_MOST; busy++)
        for (uint64_t others = 0; others <= SHORT_MOST; others++)
            check_turns(busy * HARTS_QUANTUM_DEFAULT + others);
}
END_TEST

SUITE_MAIN("profile", test_each_part_of_the_turns_has_its_share)
