/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * plic.c - gateways, priorities, thresholds, claim and complete (PLIC specification 1.0.0, the
 * chapter of each in parentheses).
 *
 *    0x000000  priority of source n at 4n             0x200000 + 0x1000c  threshold of context c
 *    0x001000  pending, a bit each, read-only         0x200004 + 0x1000c  claim when read,
 *    0x002000 + 0x80c  enables of context c                               complete when written
 *
 * A gateway forwards one request at a time: between claim and completion its line is ignored,
 * and a forwarded request stays pending when the line falls. The specification leaves open how soon
 * a line that is still high at completion makes the next request (2).
 */
#include "vmm/board/plic.h"

#include <string.h>

#define PENDING_BASE 0x1000u
#define ENABLE_BASE 0x2000u
#define ENABLE_STRIDE 0x80u
#define CONTEXT_BASE 0x200000u
#define CONTEXT_STRIDE 0x1000u
#define CONTEXTS (2 * PLIC_HARTS)

const struct state_field plic_state[] = {
    STATE_ARRAY(struct plic, priority),
    STATE_ARRAY(struct plic, level),
    STATE_ARRAY(struct plic, pending),
    STATE_ARRAY(struct plic, claimed),
    STATE_ARRAY(struct plic, held),
    STATE_FIELD(struct plic, again),
    STATE_WORDS(struct plic, contexts, uint32_t),
    STATE_END,
};

void plic_reset(struct plic *plic)
{
    memset(plic, 0, sizeof *plic);
}

static bool bit(const uint32_t *words, unsigned source)
{
    return words[source / 32] >> source % 32 & 1;
}

static void set_bit(uint32_t *words, unsigned source, bool value)
{
    uint32_t mask = 1u << source % 32;

    words[source / 32] = value ? words[source / 32] | mask : words[source / 32] & ~mask;
}

/* The source to serve first: the highest priority above `floor`, then the lowest number (4, 8). */
static unsigned best(const struct plic *plic, const struct plic_context *context,
                     unsigned floor)
{
    unsigned found = 0;

    for (unsigned word = 0; word < PLIC_WORDS; word++)
        for (uint32_t left = plic->pending[word] & context->enable[word]; left;
             left &= left - 1) {
            unsigned source = 32 * word + (unsigned)__builtin_ctz(left);

            if (plic->priority[source] > floor) {
                floor = plic->priority[source];
                found = source;
            }
        }
    return found;
}

/* Recomputes each hart's notification from the rest of the state (9). */
static void update(struct plic *plic)
{
    uint8_t notify = 0;

    for (unsigned hart = 0; hart < PLIC_HARTS; hart++) {
        const struct plic_context *context = &plic->contexts[hart];

        if (best(plic, context, context->threshold))
            notify |= (uint8_t)(1u << hart);
    }
    plic->notify = notify;
}

void plic_restored(struct plic *plic)
{
    for (unsigned source = 0; source < PLIC_SOURCES; source++)
        plic->priority[source] &= PLIC_PRIORITY_MOST;
    for (unsigned hart = 0; hart < PLIC_HARTS; hart++)
        plic->contexts[hart].threshold &= PLIC_PRIORITY_MOST;
    update(plic);
}

/* The gateway (2): forward a request, unless one is under way. */
static void forward(struct plic *plic, unsigned source)
{
    if (bit(plic->level, source) && !bit(plic->claimed, source))
        set_bit(plic->pending, source, true);
}

void plic_set_level(struct plic *plic, unsigned source, bool level)
{
    if (bit(plic->level, source) == level)
        return;
    set_bit(plic->level, source, level);
    set_bit(plic->held, source, false);
    forward(plic, source);
    update(plic);
}

static bool holds_any(const struct plic *plic)
{
    uint32_t any = 0;

    for (unsigned word = 0; word < PLIC_WORDS; word++)
        any |= plic->held[word];
    return any;
}

/* All held requests are repeated at one time, set by the first of them. */
static void hold(struct plic *plic, unsigned source, uint64_t now)
{
    if (!holds_any(plic))
        plic->again = now + PLIC_AGAIN_TICKS;
    set_bit(plic->held, source, true);
}

uint64_t plic_advance(struct plic *plic, uint64_t now)
{
    if (!holds_any(plic))
        return PLIC_NEVER;
    if (now < plic->again)
        return plic->again;
    for (unsigned word = 0; word < PLIC_WORDS; word++) {
        plic->pending[word] |= plic->held[word];
        plic->held[word] = 0;
    }
    update(plic);
    return PLIC_NEVER;
}

/* Claims ignore the threshold (8). */
static uint32_t claim(struct plic *plic, const struct plic_context *context)
{
    unsigned source = best(plic, context, 0);

    if (!source)
        return 0;
    set_bit(plic->pending, source, false);
    set_bit(plic->claimed, source, true);
    update(plic);
    return source;
}

/* Ignored for a source that the context has not enabled (9). */
static void complete(struct plic *plic, const struct plic_context *context, uint32_t source,
                     uint64_t now)
{
    if (source >= PLIC_SOURCES || !bit(context->enable, source) || !bit(plic->claimed, source))
        return;
    set_bit(plic->claimed, source, false);
    if (bit(plic->level, source))
        hold(plic, source, now);
}

/* A context's registers; NULL for machine-mode contexts and those beyond the last hart. */
static struct plic_context *context_at(struct plic *plic, uint32_t number)
{
    return number < CONTEXTS && number % 2 ? &plic->contexts[number / 2] : NULL;
}

/* The register at `offset` if it has a bit for each source, else NULL. */
static uint32_t *enable_at(struct plic *plic, uint32_t offset)
{
    struct plic_context *context = context_at(plic, (offset - ENABLE_BASE) / ENABLE_STRIDE);
    uint32_t word = offset % ENABLE_STRIDE / 4;

    return context && word < PLIC_WORDS ? &context->enable[word] : NULL;
}

static uint32_t load_context(struct plic *plic, uint32_t offset)
{
    struct plic_context *context = context_at(plic, offset / CONTEXT_STRIDE);

    if (!context)
        return 0;
    switch (offset % CONTEXT_STRIDE) {
    case 0: return context->threshold;
    case 4: return claim(plic, context);
    default: return 0;
    }
}

uint32_t plic_load(struct plic *plic, uint32_t offset)
{
    const uint32_t *enable;

    if (offset >= CONTEXT_BASE)
        return load_context(plic, offset - CONTEXT_BASE);
    if (offset >= ENABLE_BASE) {
        enable = enable_at(plic, offset);
        return enable ? *enable : 0;
    }
    if (offset >= PENDING_BASE)
        return offset - PENDING_BASE < 4 * PLIC_WORDS ? plic->pending[offset % 0x1000 / 4] : 0;
    return offset / 4 < PLIC_SOURCES ? plic->priority[offset / 4] : 0;
}

static void store_context(struct plic *plic, uint32_t offset, uint32_t value, uint64_t now)
{
    struct plic_context *context = context_at(plic, offset / CONTEXT_STRIDE);

    if (!context)
        return;
    if (offset % CONTEXT_STRIDE == 0)
        context->threshold = value & PLIC_PRIORITY_MOST;
    else if (offset % CONTEXT_STRIDE == 4)
        complete(plic, context, value, now);
}

void plic_store(struct plic *plic, uint32_t offset, uint32_t value, uint64_t now)
{
    uint32_t *enable;

    if (offset >= CONTEXT_BASE)
        store_context(plic, offset - CONTEXT_BASE, value, now);
    else if (offset >= ENABLE_BASE && (enable = enable_at(plic, offset)))
        *enable = offset % ENABLE_STRIDE ? value : value & ~1u; /* there is no source 0 */
    else if (offset / 4 && offset / 4 < PLIC_SOURCES)
        plic->priority[offset / 4] = value & PLIC_PRIORITY_MOST;
    update(plic);
}
