/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sieve.c - the primes below 65536, by Eratosthenes: strided byte stores.
 */
#include "user.h"

enum { LIMIT = 65536 };

static uint8_t composite[LIMIT];

void compute_setup(void)
{
}

uint32_t compute_once(void)
{
    uint32_t sum = 0;

    memset(composite, 0, sizeof composite);
    for (uint32_t i = 2; i < LIMIT; i++) {
        if (composite[i])
            continue;
        sum = mix(sum, i);
        if (i < LIMIT / i)
            for (uint32_t k = i * i; k < LIMIT; k += i)
                composite[k] = 1;
    }
    return sum;
}
