/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * order.c - order [N]: N numbers of a 64-bit generator, sorted by two orders that are given as
 * functions: heapsort, and calls through pointers.
 */
#include "user.h"

enum { MOST = 4096 };

typedef int (*compare)(uint64_t a, uint64_t b);

static uint64_t numbers[MOST];

static int ascending(uint64_t a, uint64_t b)
{
    return a < b ? -1 : a > b;
}

/* By the lowest digits: a division of 64 bits each time. */
static int by_rest(uint64_t a, uint64_t b)
{
    return ascending(a % 1000003, b % 1000003);
}

static void sink(uint64_t *v, uint32_t i, uint32_t n, compare less)
{
    for (uint32_t child; (child = 2 * i + 1) < n; i = child) {
        uint64_t t = v[i];

        if (child + 1 < n && less(v[child], v[child + 1]) < 0)
            child++;
        if (less(t, v[child]) >= 0)
            return;
        v[i] = v[child];
        v[child] = t;
    }
}

static void sort(uint64_t *v, uint32_t n, compare less)
{
    for (uint32_t i = n / 2; i-- > 0;)
        sink(v, i, n, less);
    for (uint32_t end = n; end-- > 1;) {
        uint64_t t = v[0];

        v[0] = v[end];
        v[end] = t;
        sink(v, 0, end, less);
    }
}

static uint32_t sum(uint32_t n)
{
    uint64_t h = 14695981039346656037ull;

    for (uint32_t i = 0; i < n; i++)
        h = (h ^ numbers[i]) * 1099511628211ull;
    return (uint32_t)(h >> 32 ^ h);
}

int main(int argc, char **argv)
{
    static const compare orders[] = {ascending, by_rest};
    uint32_t n = number_argument(argc, argv, 1000);
    uint64_t x = 1;

    n = n > MOST ? MOST : n;
    for (uint32_t i = 0; i < n; i++)
        numbers[i] = x = x * 6364136223846793005ull + 1442695040888963407ull;
    for (uint32_t i = 0; i < sizeof(orders) / sizeof(orders[0]); i++) {
        sort(numbers, n, orders[i]);
        printf("order %u: %08x\n", i, sum(n));
    }
    return 0;
}
