/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * trace_head.h - what a trace says once, whatever the form of the file.
 */
#ifndef PZ_TOOLS_TRAVEL_TRACE_HEAD_H
#define PZ_TOOLS_TRAVEL_TRACE_HEAD_H

#include "tools/host/host.h"

/* What is said once. */
struct trace_head {
    const char *engine, *shadow;
    unsigned count;           /* VMs */
    const char *const *names; /* of each */
};

#endif
