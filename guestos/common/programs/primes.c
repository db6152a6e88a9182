/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * primes.c - primes [N]: counts the primes below N by trial division: nothing but computing,
 * and a line of progress now and then. The default takes about ten million instructions.
 */
#include "user.h"

enum { DEFAULT_LIMIT = 80000, PROGRESS_LINES = 5, MIX = 31 };

static bool is_prime(uint32_t n)
{
    if (n % 2 == 0)
        return n == 2;
    for (uint32_t d = 3; d * d <= n; d += 2)
        if (n % d == 0)
            return false;
    return n > 1;
}

int main(int argc, char **argv)
{
    uint32_t limit = number_argument(argc, argv, DEFAULT_LIMIT);
    uint32_t step = limit / PROGRESS_LINES + 1;
    uint32_t count = 0, checksum = 0;

    for (uint32_t n = 0; n < limit; n++) {
        if (is_prime(n)) {
            count++;
            checksum = checksum * MIX + n;
        }
        if (n % step == step - 1)
            printf("primes: %u below %u\n", count, n + 1);
    }
    printf("primes: %u below %u, checksum %08x\n", count, limit, checksum);
    return 0;
}
