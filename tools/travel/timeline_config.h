/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * timeline_config.h - the parameters of a timeline: machine, recording, and the outside world.
 */
#ifndef PZ_TOOLS_TRAVEL_TIMELINE_CONFIG_H
#define PZ_TOOLS_TRAVEL_TIMELINE_CONFIG_H

#include <stdint.h>

#include "vmm/trace.h"

struct options;
struct recording;

#define TIMELINE_MEM_DEFAULT (256ull << 20)

/* The world outside, asked or told only when the run comes to a point for the first time. */
struct timeline_hosts {
    /* The next byte typed, -1 for none now. NULL: nothing is ever typed. */
    int (*console_in)(void *owner, unsigned vm);
    void (*console_out)(void *owner, unsigned vm, const uint8_t *bytes, uint32_t len);
    /*
     * Each event whenever it happens, in re-runs too, before any timeline_stop sees it. It costs
     * time at each exit: timeline_tell() switches it off and on.
     */
    void (*trace)(void *owner, const struct trace_event *event);
    bool translated; /* of what translation runs in place, too */
    void *owner;
};

struct timeline_config {
    const struct options *options;     /* as for machine_open(); must stay */
    const struct recording *recording; /* or NULL: what comes in is then asked of `hosts` */
    struct timeline_hosts hosts;       /* those not given may be NULL */
    uint64_t checkpoint_mem;           /* bytes; 0: TIMELINE_MEM_DEFAULT */
    uint64_t interval; /* instructions between checkpoints; 0: chosen by what they cost */
};

#endif
