/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * trace_record.h - an event as it is kept, whatever the form of the file.
 */
#ifndef PZ_TOOLS_TRAVEL_TRACE_RECORD_H
#define PZ_TOOLS_TRAVEL_TRACE_RECORD_H

#include "tools/host/host.h"

struct trace_record {
    struct trace_event event;
    uint32_t tables; /* shadow leaf tables that the VM has behind it */
};

/* What is said once. */
struct trace_head {
    const char *engine, *shadow;
    unsigned count;           /* VMs */
    const char *const *names; /* of each */
};

#endif
