/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_plic.c - what the PLIC specification 1.0.0 requires, statement by statement:
 *
 *   statement                                                              test
 *   priority 0 never interrupts; the greatest priority wins, ties by ID    order_of_claims
 *   a context sees what it has enabled, and above its threshold            enables_and_thresholds
 *   a claim clears the pending bit, whatever the threshold; 0 for none     claims
 *   a claimed request is offered to nobody else                            claims
 *   completion of what is not enabled is ignored                           completion
 *   completion of what was not claimed does nothing                        completion_of_nothing
 *   a line still high at completion asks again, after a while              asking_again
 *   the gateway forwards one request at a time; a request that was
 *   forwarded stays when the line falls; a line still high asks again      gateway
 *   source 0 does not exist; fields are WARL                               fields
 */
#include "tests/support/random.h"
#include "tests/support/suite.h"
#include "vmm/board/plic.h"

#define PRIORITY(source) (4u * (source))
#define PENDING(source) (0x1000u + (source) / 32 * 4)
#define ENABLE(hart, source) (0x2000u + 0x80u * PLIC_CONTEXT(hart) + (source) / 32 * 4)
#define THRESHOLD(hart) (0x200000u + 0x1000u * PLIC_CONTEXT(hart))
#define CLAIM(hart) (THRESHOLD(hart) + 4)

static struct plic plic;
static uint64_t now;

static void store(uint32_t offset, uint32_t value)
{
    plic_store(&plic, offset, value, now);
}

/* Time passes until lines that are still up ask again. */
static void wait(void)
{
    now += PLIC_AGAIN_TICKS;
    (void)plic_advance(&plic, now);
}

static void enable(unsigned hart, unsigned source, unsigned priority)
{
    uint32_t at = ENABLE(hart, source);

    store(PRIORITY(source), priority);
    store(at, plic_load(&plic, at) | 1u << source % 32);
}

static bool is_pending(unsigned source)
{
    return plic_load(&plic, PENDING(source)) >> source % 32 & 1;
}

static void raise(unsigned source)
{
    plic_set_level(&plic, source, true);
}

START_TEST(order_of_claims)
{
    static const uint8_t sources[][2] = {{10, 1}, {3, 2}, {40, 7}, {90, 2}, {95, 7}, {5, 0}};
    static const uint8_t order[] = {40, 95, 3, 90, 10, 0, 0};

    plic_reset(&plic);
    for (unsigned i = 0; i < sizeof sources / sizeof sources[0]; i++) {
        enable(0, sources[i][0], sources[i][1]);
        raise(sources[i][0]);
    }
    for (unsigned i = 0; i < sizeof order; i++) {
        ck_assert(plic_pending(&plic, 0) == (order[i] != 0));
        ck_assert_uint_eq(plic_load(&plic, CLAIM(0)), order[i]);
    }
    ck_assert(is_pending(5)); /* but never told */
}
END_TEST

START_TEST(enables_and_thresholds)
{
    plic_reset(&plic);
    enable(3, 7, 4);
    raise(7);
    for (unsigned hart = 0; hart < PLIC_HARTS; hart++)
        ck_assert(plic_pending(&plic, hart) == (hart == 3));
    for (unsigned threshold = 0; threshold <= 7; threshold++) {
        store(THRESHOLD(3), threshold);
        ck_assert_uint_eq(plic_load(&plic, THRESHOLD(3)), threshold);
        ck_assert(plic_pending(&plic, 3) == (threshold < 4));
    }
    store(THRESHOLD(3), 0);
    store(PRIORITY(7), 0);
    ck_assert(!plic_pending(&plic, 3));
    store(PRIORITY(7), 1);
    ck_assert(plic_pending(&plic, 3));
    store(ENABLE(3, 7), 0);
    ck_assert(!plic_pending(&plic, 3));
}
END_TEST

START_TEST(claims)
{
    plic_reset(&plic);
    enable(0, 8, 2);
    enable(1, 8, 2);
    raise(8);
    ck_assert(plic_pending(&plic, 0) && plic_pending(&plic, 1));
    store(THRESHOLD(1), 7);
    ck_assert(!plic_pending(&plic, 1));
    ck_assert_uint_eq(plic_load(&plic, CLAIM(1)), 8);
    ck_assert(!is_pending(8));
    ck_assert(!plic_pending(&plic, 0));
    ck_assert_uint_eq(plic_load(&plic, CLAIM(0)), 0);
    ck_assert_uint_eq(plic_load(&plic, CLAIM(1)), 0);
}
END_TEST

START_TEST(completion)
{
    plic_reset(&plic);
    enable(0, 8, 2);
    raise(8);
    ck_assert_uint_eq(plic_load(&plic, CLAIM(0)), 8);
    store(CLAIM(1), 8); /* hart 1 has not enabled it */
    store(CLAIM(0), 9);
    store(CLAIM(0), 0);
    store(CLAIM(0), PLIC_SOURCES);
    store(CLAIM(0), 0xffffffff);
    ck_assert(!is_pending(8));
    store(CLAIM(0), 8);
    ck_assert(!is_pending(8));
    wait();
    ck_assert(is_pending(8)); /* its line is still up */
}
END_TEST

/* A program that is the driver has time to run after its kernel has completed the request. */
START_TEST(asking_again)
{
    plic_reset(&plic);
    enable(0, 8, 2);
    enable(0, 9, 2);
    raise(8);
    raise(9);
    ck_assert_uint_eq(plic_advance(&plic, now), PLIC_NEVER);
    ck_assert_uint_eq(plic_load(&plic, CLAIM(0)), 8);
    store(CLAIM(0), 8);
    ck_assert_uint_eq(plic_advance(&plic, now), now + PLIC_AGAIN_TICKS);
    ck_assert_uint_eq(plic_load(&plic, CLAIM(0)), 9);
    now += PLIC_AGAIN_TICKS - 1;
    store(CLAIM(0), 9); /* asks again with the other one */
    ck_assert_uint_eq(plic_advance(&plic, now), now + 1);
    ck_assert(!plic_pending(&plic, 0));
    ck_assert_uint_eq(plic_advance(&plic, ++now), PLIC_NEVER);
    ck_assert(is_pending(8) && is_pending(9) && plic_pending(&plic, 0));
    ck_assert_uint_eq(plic_load(&plic, CLAIM(0)), 8);
    store(CLAIM(0), 8);
    plic_set_level(&plic, 8, false); /* served: nothing to ask for */
    ck_assert_uint_eq(plic_advance(&plic, now), PLIC_NEVER);
    raise(8); /* a new reason is told of at once */
    ck_assert(is_pending(8));
}
END_TEST

/* Only what was claimed can be completed. */
START_TEST(completion_of_nothing)
{
    plic_reset(&plic);
    enable(0, 8, 2);
    raise(8);
    store(CLAIM(0), 8);
    ck_assert(is_pending(8));
    ck_assert_uint_eq(plic_advance(&plic, now), PLIC_NEVER);
}
END_TEST

START_TEST(gateway)
{
    plic_reset(&plic);
    enable(0, 8, 2);
    raise(8);
    plic_set_level(&plic, 8, false);
    ck_assert(plic_pending(&plic, 0));
    ck_assert_uint_eq(plic_load(&plic, CLAIM(0)), 8);
    raise(8);
    plic_set_level(&plic, 8, false);
    raise(8);
    ck_assert(!is_pending(8)); /* one at a time */
    store(CLAIM(0), 8);
    wait();
    ck_assert_uint_eq(plic_load(&plic, CLAIM(0)), 8);
    plic_set_level(&plic, 8, false);
    store(CLAIM(0), 8);
    ck_assert(!is_pending(8) && !plic_pending(&plic, 0));
}
END_TEST

START_TEST(fields)
{
    plic_reset(&plic);
    store(PRIORITY(0), 7);
    ck_assert_uint_eq(plic_load(&plic, PRIORITY(0)), 0);
    store(ENABLE(2, 0), 0xffffffff);
    ck_assert_uint_eq(plic_load(&plic, ENABLE(2, 0)), 0xfffffffe);
    store(ENABLE(2, 64), 0xffffffff);
    ck_assert_uint_eq(plic_load(&plic, ENABLE(2, 64)), 0xffffffff);
    store(ENABLE(2, 96), 0xffffffff);
    ck_assert_uint_eq(plic_load(&plic, ENABLE(2, 96)), 0);
    store(PRIORITY(9), 0xfffffffb);
    ck_assert_uint_eq(plic_load(&plic, PRIORITY(9)), 3);
    store(PRIORITY(PLIC_SOURCES), 1);
    ck_assert_uint_eq(plic_load(&plic, PRIORITY(PLIC_SOURCES)), 0);
    store(PENDING(9), 0xffffffff);
    ck_assert_uint_eq(plic_load(&plic, PENDING(9)), 0);
    store(0x2000, 0xffffffff); /* a machine mode's */
    store(0x200000, 7);
    ck_assert_uint_eq(plic_load(&plic, 0x2000) | plic_load(&plic, 0x200000), 0);
    ck_assert_uint_eq(plic_load(&plic, 0x200004), 0);
}
END_TEST

/*
 * Any stores and loads anywhere, with any lines: no request is lost, none is claimed twice, and
 * what each hart is told is what the registers say.
 */
START_TEST(whatever_is_done)
{
    struct rng rng = rng_new(rng_seed(7));
    unsigned served = 0;

    plic_reset(&plic);
    for (unsigned i = 0; i < 60000; i++) {
        uint32_t r = (uint32_t)rng_next(&rng), hart = r % PLIC_HARTS;
        uint32_t offset = r % 4 ? (uint32_t)rng_next(&rng) % 0x600000 & ~3u : CLAIM(hart);
        uint32_t claimed;

        plic_set_level(&plic, 1 + r / 8 % (PLIC_SOURCES - 1), r >> 20 & 1);
        enable(hart, 1 + r / 16 % (PLIC_SOURCES - 1), r >> 24);
        store(offset, r >> 8);
        (void)plic_load(&plic, offset);
        claimed = plic_load(&plic, CLAIM(hart));
        ck_assert_uint_lt(claimed, PLIC_SOURCES);
        served += claimed != 0;
        store(CLAIM(hart), r >> 30 ? claimed : r % PLIC_SOURCES);
        now += r >> 8 & 0xfff;
        (void)plic_advance(&plic, now);
        for (unsigned word = 0; word < PLIC_WORDS; word++) {
            ck_assert_uint_eq(plic.pending[word] & plic.claimed[word], 0);
            ck_assert_uint_eq(plic.level[word] & ~plic.pending[word] & ~plic.claimed[word],
                              plic.held[word]);
        }
    }
    ck_assert_uint_gt(served, 300);
}
END_TEST

SUITE_MAIN("plic", order_of_claims, enables_and_thresholds, claims, completion, asking_again,
           completion_of_nothing, gateway, fields, whatever_is_done)
