/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * procinfo.c - what ps shows of a process.
 */
#include "procinfo.h"

#include <stdbool.h>

#include "proc.h"
#include "sched.h"
#include "string.h"
#include "vm.h"

static void describe(const struct proc *p, struct procinfo *info)
{
    *info = (struct procinfo){
        .pid = p->pid,
        .parent = p->parent ? p->parent->pid : 0,
        .group = p->group,
        .state = p->state,
        .pages = p->root ? vm_count_pages(p->root) : 0,
    };
    memcpy(info->name, p->name, NAME_SIZE);
}

int procinfo_get(uint32_t slot, struct procinfo *info)
{
    bool used;

    if (slot >= MAX_PROCESSES)
        return -EINVAL;
    sched_lock();
    used = proc_is_visible(&procs[slot]);
    if (used)
        describe(&procs[slot], info);
    sched_unlock();
    return used ? 0 : -ENOENT;
}
