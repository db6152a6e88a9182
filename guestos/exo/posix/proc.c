/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * proc.c - processes: the table, fork, the end, wait, kill, sleep. Who kills does the victim's
 * clearing up: it has the lock, so the victim is not in the midst of anything.
 */
#include "posix.h"
#include "string.h"

enum { FOREVER_TICKS = 100, MAX_WAIT = 0x7fffffff };

struct proc *proc_new(void)
{
    for (struct proc *p = shared->proc; p < shared->proc + MAX_PROCESSES; p++) {
        if (p->state != PROC_UNUSED)
            continue;
        *p = (struct proc){.state = PROC_NEW, .pid = shared->next_pid++};
        p->group = p->pid;
        return p;
    }
    return NULL;
}

static void inherit(struct proc *child)
{
    int pid = child->pid;

    *child = *me;
    child->pid = pid;
    child->parent = me;
    child->held = 0;
    child->state = STATE_READY;
    for (int fd = 0; fd < MAX_FDS; fd++)
        file_share(child->files[fd]);
}

int32_t proc_fork(const struct frame *f)
{
    struct proc *child = proc_new();
    struct space s;
    struct frame its = *f;
    int32_t error = child ? 0 : -EAGAIN;

    if (error == 0 && vm_free_pages() < FORK_PAGES)
        error = -ENOMEM;
    if (error == 0)
        error = space_new(&s, child);
    if (error == 0) {
        error = space_copy(&s);
        if (error < 0)
            space_drop(&s);
    }
    if (error < 0) {
        if (child)
            child->state = PROC_UNUSED;
        return error;
    }
    inherit(child);
    its.x[REG_A0] = 0;
    space_run(&s, &its);
    return child->pid;
}

static void give_children_to_init(const struct proc *parent)
{
    for (struct proc *p = shared->proc; p < shared->proc + MAX_PROCESSES; p++) {
        if (p->state == PROC_UNUSED || p->parent != parent)
            continue;
        p->parent = shared->proc;
        if (p->state == STATE_ZOMBIE)
            proc_wakeup(shared->proc);
    }
}

/* Does not return if it is our own end. The lock then goes with us: see lock(). */
void proc_end(struct proc *p, int status)
{
    if (p->pid == INIT_PID)
        exo_group_end(1);
    for (int fd = 0; fd < MAX_FDS; fd++)
        file_close(p->files[fd]);
    give_children_to_init(p);
    shared->held -= p->held;
    p->status = status;
    p->state = STATE_ZOMBIE;
    proc_wakeup(p->parent);
    exo_env_destroy(p->env);
}

static struct proc *find_zombie(bool *any)
{
    *any = false;
    for (struct proc *p = shared->proc; p < shared->proc + MAX_PROCESSES; p++) {
        if (p->state == PROC_UNUSED || p->parent != me)
            continue;
        *any = true;
        if (p->state != STATE_ZOMBIE && exo_env_status(p->env) < 0)
            proc_end(p, STATUS_KILLED); /* by the kernel: it has broken its own library */
        if (p->state == STATE_ZOMBIE)
            return p;
    }
    return NULL;
}

/* The zombie stays if its status cannot be delivered. */
static int32_t bury(struct proc *zombie, uint32_t status_va)
{
    int32_t error =
        status_va ? copy_to_user(status_va, &zombie->status, sizeof(zombie->status)) : 0;

    if (error == 0)
        zombie->state = PROC_UNUSED;
    return error < 0 ? error : zombie->pid;
}

int32_t proc_wait(uint32_t status_va, uint32_t flags)
{
    for (;;) {
        bool any;
        struct proc *zombie = find_zombie(&any);

        if (zombie)
            return bury(zombie, status_va);
        if (!any)
            return -ECHILD;
        if (flags & WAIT_NOHANG)
            return 0;
        proc_sleep(me, UINT64_MAX);
    }
}

int32_t proc_kill(int pid)
{
    for (struct proc *p = shared->proc; p < shared->proc + MAX_PROCESSES; p++) {
        if (p->state == PROC_UNUSED || p->pid != pid)
            continue;
        if (pid == INIT_PID)
            return -EPERM;
        if (p->state != STATE_ZOMBIE)
            proc_end(p, STATUS_KILLED);
        return 0;
    }
    return -ESRCH;
}

/* Ourselves last. */
void proc_kill_group(int group)
{
    bool self = false;

    for (struct proc *p = shared->proc; p < shared->proc + MAX_PROCESSES; p++) {
        if (p->state == PROC_UNUSED || p->state == STATE_ZOMBIE || p->group != group ||
            p->pid == INIT_PID)
            continue;
        if (p == me)
            self = true;
        else
            proc_end(p, STATUS_KILLED);
    }
    if (self)
        proc_end(me, STATUS_KILLED);
}

int32_t proc_info(uint32_t slot, uint32_t va)
{
    const struct proc *p = &shared->proc[slot % MAX_PROCESSES];
    struct procinfo out;

    if (slot >= MAX_PROCESSES)
        return -EINVAL;
    if (p->state == PROC_UNUSED)
        return -ENOENT;
    out = (struct procinfo){.pid = p->pid,
                            .parent = p->parent ? p->parent->pid : 0,
                            .group = p->group,
                            .state = p == me ? STATE_RUNNING : p->state,
                            .pages = p->state == STATE_ZOMBIE ? 0 : p->pages};
    memcpy(out.name, p->name, NAME_SIZE);
    return copy_to_user(va, &out, sizeof(out));
}

/* Somebody has to look at the console while a program in the foreground does not. */
int32_t proc_sleep(const void *channel, uint64_t until)
{
    uint64_t look =
        exo_time() + (uint64_t)shared->tick_length * (shared->foreground ? 1 : FOREVER_TICKS);

    me->channel = channel;
    me->state = STATE_SLEEPING;
    unlock();
    exo_sleep(until < look ? until : look);
    lock();
    me->channel = NULL;
    me->state = STATE_READY;
    if (shared->foreground)
        console_poll();
    return 0;
}

void proc_wakeup(const void *channel)
{
    for (struct proc *p = shared->proc; p < shared->proc + MAX_PROCESSES; p++)
        if (p->state == STATE_SLEEPING && p->channel == channel)
            exo_wake(p->env);
}

void proc_tick(void)
{
    for (uint64_t now = exo_time(); shared->next_tick <= now;
         shared->next_tick += shared->tick_length)
        shared->ticks++;
}

/* One tick more than asked: the current one is already partly over. */
int32_t proc_sleep_ms(uint32_t ms)
{
    uint32_t wanted = ms / TICK_MS + (ms % TICK_MS != 0) + (ms != 0), start;
    uint64_t until;

    proc_tick();
    start = shared->ticks;
    until = shared->next_tick + (uint64_t)shared->tick_length * (wanted - 1);
    while (shared->ticks - start < wanted) {
        proc_sleep(&shared->ticks, until);
        proc_tick();
    }
    return 0;
}
