/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * measure.c - how long something took, in nanoseconds by the system's clock. On PZ32 an
 * instruction is 10 ns of it. All in 32 bits: up to some seconds, what takes longer is cut.
 */
#include "user.h"

enum { NS = 1000000000, US = 1000000 };

static struct clockinfo start;

void measure_start(void)
{
    clock(&start);
}

/* elapsed / n in ns, without losing what the division by n leaves. */
static uint32_t each(uint32_t elapsed, uint32_t n, uint32_t ns_per_tick)
{
    uint32_t rest = elapsed % n;

    while (rest > UINT32_MAX / ns_per_tick) {
        rest /= 2;
        n = n / 2 + (n == 1);
    }
    return elapsed / n * ns_per_tick + rest * ns_per_tick / n;
}

void measure_report(const char *what, uint32_t n)
{
    struct clockinfo end;
    uint32_t elapsed, rate, us;

    clock(&end);
    elapsed = (uint32_t)(end.now - start.now);
    rate = end.per_second;
    us = rate >= US ? elapsed / (rate / US) : elapsed * (US / rate);
    printf("%s: %u times in %u us, %u ns each\n", what, n, us, each(elapsed, n, NS / rate));
}
