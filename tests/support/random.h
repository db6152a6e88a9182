/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * random.h - numbers for tests that can be had again from their seed (xorshift64*, after Vigna
 * 2016), and the seed that a run uses.
 */
#ifndef PZ_TESTS_SUPPORT_RANDOM_H
#define PZ_TESTS_SUPPORT_RANDOM_H

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <time.h>

struct rng {
    uint64_t state; /* never 0 */
};

/* Neighbouring seeds give unlike sequences. */
static inline struct rng rng_new(uint64_t seed)
{
    seed = (seed + 0x9e3779b97f4a7c15u) * 0xbf58476d1ce4e5b9u;
    seed = (seed ^ seed >> 27) * 0x94d049bb133111ebu;
    return (struct rng){seed ? seed : 1};
}

static inline uint32_t rng_next(struct rng *rng)
{
    rng->state ^= rng->state >> 12;
    rng->state ^= rng->state << 25;
    rng->state ^= rng->state >> 27;
    return (uint32_t)(rng->state * 0x2545f4914f6cdd1du >> 32);
}

/* 0 .. count-1 */
static inline uint32_t rng_below(struct rng *rng, uint32_t count)
{
    return (uint32_t)((uint64_t)rng_next(rng) * count >> 32);
}

/* True once in `count` times. */
static inline bool rng_one_in(struct rng *rng, uint32_t count)
{
    return rng_below(rng, count) == 0;
}

/* PZ_SEED from the environment: a number, or "clock" for a new one each time. Else `usual`. */
static inline uint64_t rng_seed(uint64_t usual)
{
    const char *text = getenv("PZ_SEED");

    if (!text || !*text)
        return usual;
    if (text[0] == 'c')
        return (uint64_t)time(NULL);
    return strtoull(text, NULL, 0);
}

#endif
