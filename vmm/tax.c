/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * tax.c - the shares that a VM pays per page, with S shares, P pages of which a fraction f is
 * active, and a tax of t:
 *
 *      rho = S / (P (f + k (1 - f))),   k = 1 / (1 - t)
 *
 * P f is `active`, and P (1 - f) the rest. The comparison uses integers, so that every host gives
 * the same result.
 */
#include "vmm/tax.h"

/* P (f + k (1 - f)), times 100 - t. */
static uint64_t charged(const struct tax_claim *claim, uint32_t rate)
{
    return (uint64_t)claim->active * (100 - rate) +
           (uint64_t)(claim->pages - claim->active) * 100;
}

/* Does `a` pay less than `b`? */
static bool pays_less(const struct tax_claim *a, const struct tax_claim *b, uint32_t rate)
{
    return a->shares * charged(b, rate) < b->shares * charged(a, rate);
}

uint32_t tax_next(const struct tax_claim *claims, uint32_t count, uint32_t rate)
{
    uint32_t next = TAX_NOBODY;

    for (uint32_t i = 0; i < count; i++)
        if (claims[i].pages &&
            (next == TAX_NOBODY || pays_less(&claims[i], &claims[next], rate)))
            next = i;
    return next;
}
