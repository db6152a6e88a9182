/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_adapt.c - when an access becomes a callout, and when it is one no longer. How many a guest
 * makes is in agree/test_translate.c.
 */
#include "tests/support/suite.h"
#include "vmm/adapt.h"

#define PC 0x80000124u
#define LOAD 0x0054c283u /* lbu t0, 5(s1) */
#define STORE 0x00b42023u

static struct adapt adapt;

static void fault(uint32_t pc, uint32_t raw, unsigned times)
{
    for (unsigned i = 0; i < times; i++)
        adapt_faulted(&adapt, pc, raw);
}

static void fill(uint32_t pc, unsigned times)
{
    for (unsigned i = 0; i < times; i++)
        adapt_filled(&adapt, pc);
}

START_TEST(four_faults_make_a_callout)
{
    adapt = (struct adapt){0};
    fault(PC, LOAD, 3);
    ck_assert(!adapt_calls(&adapt, PC, LOAD));
    fault(PC, LOAD, 1);
    ck_assert(adapt_calls(&adapt, PC, LOAD));
}
END_TEST

/* Each fill takes a fault back; of faults, no more than ADAPT_MOST are counted. */
START_TEST(memory_counts_against_it)
{
    adapt = (struct adapt){0};
    fault(PC, LOAD, 4);
    fill(PC, 1);
    ck_assert(!adapt_calls(&adapt, PC, LOAD));
    fill(PC, 100);
    fault(PC, LOAD, 3);
    ck_assert(!adapt_calls(&adapt, PC, LOAD));
    fault(PC, LOAD, 100);
    fill(PC, ADAPT_MOST - ADAPT_FROM);
    ck_assert(adapt_calls(&adapt, PC, LOAD));
    fill(PC, 1);
    ck_assert(!adapt_calls(&adapt, PC, LOAD));
}
END_TEST

/* Other code at its address begins anew, and so does it when it is back. */
START_TEST(an_instruction_is_its_bits)
{
    adapt = (struct adapt){0};
    fault(PC, LOAD, 4);
    ck_assert(!adapt_calls(&adapt, PC, STORE));
    fault(PC, STORE, 1);
    ck_assert(!adapt_calls(&adapt, PC, STORE));
    ck_assert(!adapt_calls(&adapt, PC, LOAD));
    fault(PC, LOAD, 3);
    ck_assert(!adapt_calls(&adapt, PC, LOAD));
}
END_TEST

/* Another address with the same place in the table replaces it, once it faults. */
START_TEST(an_instruction_is_its_address)
{
    uint32_t other = PC + 2;

    while (adapt_site(&adapt, other) != adapt_site(&adapt, PC))
        other += 2;
    adapt = (struct adapt){0};
    fault(PC, LOAD, 4);
    ck_assert(!adapt_calls(&adapt, other, LOAD));
    fill(other, 1);
    ck_assert(adapt_calls(&adapt, PC, LOAD));
    fault(other, LOAD, 1);
    ck_assert(!adapt_calls(&adapt, PC, LOAD));
}
END_TEST

SUITE_MAIN("adapt", four_faults_make_a_callout, memory_counts_against_it,
           an_instruction_is_its_bits, an_instruction_is_its_address)
