/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * exit.c - how processes end: by themselves, or on their way back to user mode when they have been
 * killed (kill.c). What is left of one, a zombie, is buried by its parent's wait.
 */
#include "exit.h"

#include <stdbool.h>
#include <stddef.h>

#include "common/abi.h"
#include "copy.h"
#include "file.h"
#include "page.h"
#include "panic.h"
#include "proc.h"
#include "sched.h"
#include "vm.h"

static void give_children_to_init(const struct proc *parent)
{
    for (struct proc *p = procs; p < procs + MAX_PROCESSES; p++) {
        if (p->parent != parent)
            continue;
        p->parent = procs;
        if (p->state == STATE_ZOMBIE)
            sched_wakeup_locked(procs);
    }
}

/* Others may be counting our pages (procinfo_get): they get no further than the root. */
static void give_memory_back(struct proc *p)
{
    pte_t *root = p->root;

    sched_lock();
    p->root = NULL;
    sched_unlock();
    vm_activate(NULL);
    vm_free(root);
    page_unhold(p->held);
}

/*
 * A parent sleeps on its own slot while it waits for a child. It cannot bury us before the
 * scheduler has left our stack, and given back the lock.
 */
void exit_process(int status)
{
    struct proc *p = current;

    if (p->pid == INIT_PID)
        panic("init exited with status %d", status);
    for (int fd = 0; fd < MAX_FDS; fd++)
        file_close(p->files[fd]);
    give_memory_back(p);
    sched_lock();
    give_children_to_init(p);
    p->status = status;
    p->state = STATE_ZOMBIE;
    sched_wakeup_locked(p->parent);
    sched_leave();
    panic("pid %d runs after its exit", p->pid);
}

void exit_if_killed(void)
{
    if (current->killed)
        exit_process(STATUS_KILLED);
}

static struct proc *find_zombie(bool *any_child)
{
    *any_child = false;
    for (struct proc *p = procs; p < procs + MAX_PROCESSES; p++) {
        if (p->state == STATE_UNUSED || p->parent != current)
            continue;
        *any_child = true;
        if (p->state == STATE_ZOMBIE)
            return p;
    }
    return NULL;
}

/* The zombie stays if its status cannot be delivered: a later wait may do better. */
static int bury(struct proc *zombie, uint32_t status_va)
{
    int pid = zombie->pid;
    int error = 0;

    if (status_va)
        error = copy_to_user(status_va, &zombie->status, sizeof(zombie->status));
    if (error < 0)
        return error;
    proc_release(zombie);
    return pid;
}

static int wait_for_zombie(uint32_t status_va, uint32_t flags)
{
    int error = 0;

    while (error == 0) {
        bool any_child;
        struct proc *zombie = find_zombie(&any_child);

        if (zombie)
            return bury(zombie, status_va);
        if (!any_child)
            return -ECHILD;
        if (flags & WAIT_NOHANG)
            return 0;
        error = sched_sleep_locked(current);
    }
    return error;
}

int exit_wait(uint32_t status_va, uint32_t flags)
{
    int result;

    sched_lock();
    result = wait_for_zombie(status_va, flags);
    sched_unlock();
    return result;
}
