/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * proc.c - the process table, and who is found in it.
 */
#include "proc.h"

#include <stddef.h>

#include "memlayout.h"
#include "page.h"

struct proc procs[MAX_PROCESSES];

struct trapframe *proc_trapframe(struct proc *p)
{
    return (struct trapframe *)(void *)(p->stack + PAGE_SIZE) - 1;
}

bool proc_is_visible(const struct proc *p)
{
    return p->state != STATE_UNUSED && p->state != STATE_NEW;
}

struct proc *proc_find(int pid)
{
    for (struct proc *p = procs; p < procs + MAX_PROCESSES; p++)
        if (proc_is_visible(p) && p->pid == pid)
            return p;
    return NULL;
}

void proc_release(struct proc *p)
{
    page_free(p->stack);
    *p = (struct proc){0};
}
