/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * box_names.c - processes as a box sees them: numbered from 1, and only its own. Each call that
 * takes or gives a pid goes through here. It also has the limit of processes.
 */
#include "../kernel/copy.h"
#include "../kernel/exit.h"
#include "../kernel/fork.h"
#include "../kernel/procinfo.h"
#include "../kernel/sched.h"
#include "../kernel/syscall.h"
#include "box.h"

enum { MAX_CHILDREN = MAX_PROCESSES };

int32_t WRAP(sys_wait)(const uint32_t *arg);
int32_t REAL(sys_wait)(const uint32_t *arg);
int32_t WRAP(sys_kill)(const uint32_t *arg);
int32_t REAL(sys_kill)(const uint32_t *arg);
int32_t WRAP(sys_getpid)(const uint32_t *arg);
int32_t WRAP(sys_newgroup)(const uint32_t *arg);
int32_t REAL(sys_newgroup)(const uint32_t *arg);
int32_t WRAP(sys_poweroff)(const uint32_t *arg);
int32_t REAL(sys_poweroff)(const uint32_t *arg);
int WRAP(procinfo_get)(uint32_t slot, struct procinfo *info);
int REAL(procinfo_get)(uint32_t slot, struct procinfo *info);
int WRAP(fork_process)(void);
int REAL(fork_process)(void);

static bool is_there(const struct proc *p)
{
    return p->state != STATE_UNUSED && p->state != STATE_NEW;
}

int box_find(const struct box *b, int number)
{
    int pid = 0;

    sched_lock();
    for (uint32_t i = 0; i < MAX_PROCESSES; i++) {
        const struct proc *p = &procs[i];

        if (is_there(p) && box_of(p) == b && box_pid(p) == number)
            pid = p->pid;
    }
    sched_unlock();
    return pid;
}

/* The other way round; 0 for a process that the box cannot see. */
static int number_of(const struct box *b, int pid)
{
    int number = 0;

    sched_lock();
    for (uint32_t i = 0; i < MAX_PROCESSES; i++) {
        const struct proc *p = &procs[i];

        if (is_there(p) && p->pid == pid && box_of(p) == b)
            number = box_pid(p);
    }
    sched_unlock();
    return number;
}

/* Two at once would both see room for one more: so one after the other. */
int WRAP(fork_process)(void)
{
    struct box *b = box_current();
    int result = -EAGAIN;

    if (!b)
        return REAL(fork_process)();
    box_lock();
    if (box_processes(b) < b->config.processes)
        result = REAL(fork_process)();
    else
        box_count_refusal(b);
    if (result > 0)
        result = number_of(b, result);
    box_unlock();
    return result;
}

int32_t WRAP(sys_getpid)(const uint32_t *arg)
{
    (void)arg;
    return box_pid(current);
}

/* A pid is no longer to be found when its process has been waited for: so look before. */
struct child {
    uint16_t pid, number;
};

static uint32_t note_children(struct child *children)
{
    uint32_t n = 0;

    sched_lock();
    for (uint32_t i = 0; i < MAX_PROCESSES; i++) {
        const struct proc *p = &procs[i];

        if (is_there(p) && p->parent == current)
            children[n++] = (struct child){(uint16_t)p->pid, (uint16_t)box_pid(p)};
    }
    sched_unlock();
    return n;
}

int32_t WRAP(sys_wait)(const uint32_t *arg)
{
    struct child children[MAX_CHILDREN];
    uint32_t n = box_current() ? note_children(children) : 0;
    int32_t pid = REAL(sys_wait)(arg);

    for (uint32_t i = 0; i < n && pid > 0; i++)
        if (children[i].pid == (uint16_t)pid)
            return children[i].number;
    return pid;
}

int32_t WRAP(sys_kill)(const uint32_t *arg)
{
    struct box *b = box_current();
    uint32_t pid = b ? (uint32_t)box_find(b, (int)arg[0]) : arg[0];

    return pid ? REAL(sys_kill)(&pid) : -ESRCH;
}

int32_t WRAP(sys_newgroup)(const uint32_t *arg)
{
    int32_t group = REAL(sys_newgroup)(arg);

    return box_current() ? box_pid(current) : group;
}

int WRAP(procinfo_get)(uint32_t slot, struct procinfo *info)
{
    struct box *b = box_current();
    int error = REAL(procinfo_get)(slot, info);

    if (!b || error < 0)
        return error;
    info->pid = number_of(b, info->pid);
    info->parent = number_of(b, info->parent);
    info->group = number_of(b, info->group);
    return info->pid ? 0 : -ENOENT;
}

/* The computer is not the box's to switch off: the box itself ends. */
int32_t WRAP(sys_poweroff)(const uint32_t *arg)
{
    struct box *b = box_current();

    if (!b)
        return REAL(sys_poweroff)(arg);
    if (arg[0] > 1)
        return -EINVAL;
    box_kill(b);
    exit_if_killed();
    return 0;
}
