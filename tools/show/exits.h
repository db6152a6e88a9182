/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * exits.h - when a run's exits happened: by VM, by what the monitor did, and in equal spans of
 * the instructions that the VM had retired; and the picture of that. However long a run is, its
 * spans are EXITS_SPANS at the most: they become longer with it.
 */
#ifndef PZ_TOOLS_SHOW_EXITS_H
#define PZ_TOOLS_SHOW_EXITS_H

#include <stdbool.h>
#include <stdio.h>

#include "isa/attribute.h"
#include "vmm/trace.h"

#define EXITS_SPANS 128u

/* One VM's. */
struct exits_vm {
    uint32_t spans[EXITS_SPANS][TRACE_ACTIONS];
    uint64_t count[TRACE_ACTIONS];
    uint64_t first[TRACE_ACTIONS]; /* what it had retired at the first, where there is one */
};

struct exits {
    struct exits_vm *vms;
    unsigned count;
    uint64_t span; /* instructions */
    uint64_t last; /* the most that a VM had retired */
};

/* False: no memory. To be closed whatever comes back. */
bool exits_open(struct exits *exits, unsigned vms) PZ_MUST_CHECK;
void exits_close(struct exits *exits);

/* An event, also what is no exit: an interrupt, a world switch. Those of a VM in their order. */
void exits_add(struct exits *exits, const struct trace_event *event);

/* A VM's exits by span, as a part of a page: colours are those of exits_class(). */
void exits_draw(FILE *out, const struct exits *exits, unsigned vm);

/* The class of an action's colour. */
const char *exits_class(enum trace_action action);

/* All VMs' (EXITS_DRAWN at the most), with a legend, as a file. */
#define EXITS_DRAWN 16u
void exits_svg(FILE *out, const struct exits *exits);

#endif
