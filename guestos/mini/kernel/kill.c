/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kill.c - marks processes as killed. Each ends itself, where it is safe (exit.c).
 */
#include "kill.h"

#include <stddef.h>

#include "common/abi.h"
#include "cpu.h"
#include "proc.h"
#include "sched.h"

/*
 * The victim ends itself, on its way back to user mode (trap.c), wherever it is now. If another
 * CPU is in its program, an interrupt has that come in.
 */
static void mark_killed(struct proc *p)
{
    p->killed = true;
    if (p->state == STATE_SLEEPING)
        sched_make_ready(p);
    else if (p->state == STATE_RUNNING && p != current)
        cpu_interrupt(p->cpu);
}

static int kill_one(int pid)
{
    struct proc *p = proc_find(pid);

    if (!p)
        return -ESRCH;
    if (pid == INIT_PID)
        return -EPERM;
    mark_killed(p);
    return 0;
}

int kill_pid(int pid)
{
    int error;

    sched_lock();
    error = kill_one(pid);
    sched_unlock();
    return error;
}

void kill_group(int group)
{
    sched_lock();
    for (struct proc *p = procs; p < procs + MAX_PROCESSES; p++)
        if (proc_is_visible(p) && p->group == group && p->pid != INIT_PID)
            mark_killed(p);
    sched_unlock();
}
