/* SPDX-License-Identifier: GPL-2.0-or-later */
/* sieve.c - sieve [N]: how many primes there are below N, by the sieve of Eratosthenes. */
#include "user.h"

enum { LIMIT = 50000 };

static uint8_t composite[LIMIT];

int main(int argc, char **argv)
{
    uint32_t n = number_argument(argc, argv, LIMIT), count = 0;

    if (n > LIMIT)
        n = LIMIT;
    for (uint32_t i = 2; i < n; i++) {
        count += !composite[i];
        for (uint32_t k = composite[i] ? n : 2 * i; k < n; k += i)
            composite[k] = 1;
    }
    printf("%u primes below %u\n", count, n);
    return 0;
}
