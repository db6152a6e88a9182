/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * adapt.h - adaptive binary translation (Adams and Agesen, ASPLOS 2006): it finds the loads and
 * stores of a translated kernel that keep faulting because they access devices or watched page
 * tables. Such an instruction becomes a *callout*: translated code calls the monitor for it,
 * without an exit. translate.c decides when there is a callout, dispatch.c performs it.
 *
 * An instruction is identified by its address and its bits, so new code at the same address starts
 * from zero. Each fault on a device or page table adds one; each fault that a shadow fill resolves
 * subtracts one, so an instruction that goes back to plain memory is forgotten. Only the guest's
 * own execution counts: observers, and where a run is cut, change nothing.
 */
#ifndef PZ_VMM_ADAPT_H
#define PZ_VMM_ADAPT_H

#include <stdbool.h>
#include <stdint.h>

#include "vmm/hosted.h"

/* A direct-mapped table; a power of two. Type 1 translates nothing. */
#define ADAPT_SITES (PZ_HOSTED ? 128u : 1u)
#define ADAPT_FROM 4u /* faults minus fills that make a callout */
#define ADAPT_MOST 8u /* the count saturates here */

struct adapt_site {
    uint32_t pc, raw;
    uint32_t faults; /* minus fills; 0: the site is empty */
};

struct adapt {
    struct adapt_site site[ADAPT_SITES];
};

static inline struct adapt_site *adapt_site(struct adapt *adapt, uint32_t pc)
{
    return &adapt->site[(pc >> 1 ^ pc >> 9) % ADAPT_SITES];
}

/* The load or store `raw` at pc has accessed a device or a watched page table. */
static inline void adapt_faulted(struct adapt *adapt, uint32_t pc, uint32_t raw)
{
    struct adapt_site *site = adapt_site(adapt, pc);

    if (site->pc != pc || site->raw != raw)
        *site = (struct adapt_site){.pc = pc, .raw = raw};
    site->faults += site->faults < ADAPT_MOST;
}

/* The instruction at pc has accessed plain memory. */
static inline void adapt_filled(struct adapt *adapt, uint32_t pc)
{
    struct adapt_site *site = adapt_site(adapt, pc);

    if (site->pc == pc && site->faults)
        site->faults--;
}

/* Is `raw` at pc a callout? */
static inline bool adapt_calls(struct adapt *adapt, uint32_t pc, uint32_t raw)
{
    const struct adapt_site *site = adapt_site(adapt, pc);

    return site->pc == pc && site->raw == raw && site->faults >= ADAPT_FROM;
}

#endif
