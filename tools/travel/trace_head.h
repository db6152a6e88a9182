/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * trace_head.h - the header of a trace, whatever the format of the file.
 */
#ifndef PZ_TOOLS_TRAVEL_TRACE_HEAD_H
#define PZ_TOOLS_TRAVEL_TRACE_HEAD_H

#include "tools/host/host.h"

/* The header. */
struct trace_head {
    const char *engine, *shadow;
    unsigned count;           /* VMs */
    const char *const *names; /* of each */
};

#endif
