/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * monitor.c - the table of techniques. It decides nothing: vm_config.monitor does.
 */
#include "vmm/monitor.h"

static const struct monitor_desc monitors[VM_MONITORS] = {
#define MONITOR(id, name, needs, about, asks) [VM_##id] = {name, about, asks, needs},
#include "vmm/monitors.def"
#undef MONITOR
};

const struct monitor_desc *monitor_desc(enum vm_monitor monitor)
{
    return &monitors[monitor];
}

bool monitor_works(enum vm_monitor monitor, unsigned abilities)
{
    return !(monitors[monitor].needs & ~abilities);
}
