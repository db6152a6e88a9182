/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * adapt.h - which loads and stores of a translated kernel keep faulting, because they go to devices
 * or to watched page tables: adaptive binary translation (Adams and Agesen, ASPLOS 2006). Such a
 * one becomes a *callout*: translated code calls the monitor for it, and there is no exit. What a
 * callout does is in dispatch.c, when there is one in translate.c.
 *
 * An instruction is known by its address and its bits, so other code at the same place begins
 * anew. Each fault of it counts for it, and each fault that an entry of the shadow has
 * answered against it; so one that has gone back to plain memory is forgotten. Only the guest's
 * own execution decides: whoever looks on, or cuts a run, changes nothing.
 */
#ifndef PZ_VMM_ADAPT_H
#define PZ_VMM_ADAPT_H

#include <stdbool.h>
#include <stdint.h>

#include "vmm/hosted.h"

/* Remembered; a power of two. Another in the same place replaces one. Type 1 translates nothing. */
#define ADAPT_SITES (PZ_HOSTED ? 128u : 1u)
#define ADAPT_FROM 4u /* faults, less fills, that make a callout */
#define ADAPT_MOST 8u /* no more are counted */

struct adapt_site {
    uint32_t pc, raw;
    uint32_t faults; /* 0: nothing is known */
};

struct adapt {
    struct adapt_site site[ADAPT_SITES];
};

static inline struct adapt_site *adapt_site(struct adapt *adapt, uint32_t pc)
{
    return &adapt->site[(pc >> 1 ^ pc >> 9) % ADAPT_SITES];
}

/* The load or store `raw` at pc has met a device, or a watched page table. */
static inline void adapt_faulted(struct adapt *adapt, uint32_t pc, uint32_t raw)
{
    struct adapt_site *site = adapt_site(adapt, pc);

    if (site->pc != pc || site->raw != raw)
        *site = (struct adapt_site){.pc = pc, .raw = raw};
    site->faults += site->faults < ADAPT_MOST;
}

/* What is at pc has met plain memory. */
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
