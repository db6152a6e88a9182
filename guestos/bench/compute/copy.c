/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * copy.c - copying 64 KiB back and forth, four words at a time: loads and stores.
 */
#include "user.h"

enum { WORDS = 16384, TIMES = 4 };

static uint32_t one[WORDS], other[WORDS];

void compute_setup(void)
{
    uint32_t state = 7;

    for (unsigned i = 0; i < WORDS; i++)
        one[i] = next_random(&state);
}

static void copy(uint32_t *restrict to, const uint32_t *restrict from)
{
    for (unsigned i = 0; i < WORDS; i += 4) {
        uint32_t a = from[i], b = from[i + 1], c = from[i + 2], d = from[i + 3];

        to[i] = a, to[i + 1] = b, to[i + 2] = c, to[i + 3] = d;
    }
}

uint32_t compute_once(void)
{
    uint32_t sum = 0;

    for (unsigned i = 0; i < TIMES; i++) {
        copy(other, one);
        copy(one, other);
        asm volatile("" : : : "memory");
    }
    for (unsigned i = 0; i < WORDS; i += 64)
        sum = mix(sum, one[i]);
    return sum;
}
