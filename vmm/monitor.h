/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * monitor.h - the table of virtualisation techniques (monitors.def), by name. Each technique is
 * implemented in its own file (such as hybrid.c), which this table does not know.
 */
#ifndef PZ_VMM_MONITOR_H
#define PZ_VMM_MONITOR_H

#include "isa/engine/engine.h"

/* The technique a VM is run with. Recordings store these numbers. */
enum vm_monitor {
#define MONITOR(id, name, needs, about, asks) VM_##id,
#include "vmm/monitors.def"
#undef MONITOR
    VM_MONITORS,
};

struct monitor_desc {
    const char *name, *about, *asks;
    unsigned needs; /* abilities of the engine: enum engine_ability */
};

/* The row of a technique. `monitor` < VM_MONITORS. */
const struct monitor_desc *monitor_desc(enum vm_monitor monitor);

/* Does the technique work on an engine with these abilities (enum engine_ability)? */
bool monitor_works(enum vm_monitor monitor, unsigned abilities);

#endif
