/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * proc.c - the process table and the life of a process: created by fork, changed by exec
 * (exec.c), ended by exit or kill, buried by its parent's wait. Memory is vm.c's, open files
 * are file.c's.
 */
#include "proc.h"

#include <stddef.h>

#include "copy.h"
#include "exec.h"
#include "file.h"
#include "memlayout.h"
#include "page.h"
#include "print.h"
#include "pv.h"
#include "string.h"

static struct proc table[MAX_PROCESSES];
static int next_pid = INIT_PID;

struct proc *proc_slot(uint32_t i)
{
    return &table[i];
}

struct trapframe *proc_trapframe(struct proc *p)
{
    return (struct trapframe *)(void *)(p->stack + PAGE_SIZE) - 1;
}

static struct proc *find_unused(void)
{
    for (struct proc *p = table; p < table + MAX_PROCESSES; p++)
        if (p->state == STATE_UNUSED)
            return p;
    return NULL;
}

static bool is_visible(const struct proc *p)
{
    return p->state != STATE_UNUSED && p->state != STATE_NEW;
}

static struct proc *find_pid(int pid)
{
    for (struct proc *p = table; p < table + MAX_PROCESSES; p++)
        if (is_visible(p) && p->pid == pid)
            return p;
    return NULL;
}

/* Give an unused slot a kernel stack, from which it will first run straight into user mode. */
static int prepare(struct proc **out)
{
    struct proc *p = find_unused();
    uint8_t *stack = p ? page_alloc() : NULL;

    if (!stack)
        return p ? -ENOMEM : -EAGAIN;
    *(uint32_t *)(void *)stack = STACK_MARK;
    *p = (struct proc){.state = STATE_NEW, .stack = stack, .pid = next_pid++};
    p->group = p->pid;
    p->context.ra = (uint32_t)pv.process_start;
    p->context.sp = (uint32_t)proc_trapframe(p);
    *out = p;
    return 0;
}

static int new_process(struct proc **out)
{
    int error;

    sched_lock();
    error = prepare(out);
    sched_unlock();
    return error;
}

static void release(struct proc *p)
{
    page_free(p->stack);
    *p = (struct proc){0};
}

/* init gets the boot arguments as its only argument, and the console as files 0, 1 and 2. */
void proc_start_init(const char *bootargs)
{
    static struct exec_args args;
    struct proc *p;

    if (new_process(&p) < 0 || !exec_args_add(&args, "init") ||
        !exec_args_add(&args, bootargs) || exec_program(p, "init", &args) < 0)
        panic("cannot start init");
    for (int fd = 0; fd < 3; fd++)
        p->files[fd] = file_open_console();
    sched_lock();
    sched_make_ready(p);
    sched_unlock();
}

/* All user memory there can be: from page 0 to the break, and the stack. */
static bool share_memory(struct proc *child)
{
    uint32_t heap_end = page_round_up(current->heap_end);

    return vm_share(current->root, child->root, 0, heap_end) &&
           vm_share(current->root, child->root, USER_STACK_BASE, USER_TOP);
}

static int copy_process(struct proc *child)
{
    child->root = vm_new();
    if (!child->root)
        return -ENOMEM;
    if (!share_memory(child)) {
        pv.fence();
        vm_free(child->root);
        return -ENOMEM;
    }
    child->heap_start = current->heap_start;
    child->heap_end = current->heap_end;
    for (int fd = 0; fd < MAX_FDS; fd++)
        child->files[fd] = file_share(current->files[fd]);
    *proc_trapframe(child) = *proc_trapframe(current);
    proc_trapframe(child)->x[REG_A0] = 0;
    return 0;
}

/*
 * From here on it is everybody's business. Whoever has killed our group meanwhile did not see
 * the child: it ends as we do.
 */
static int publish(struct proc *child)
{
    child->killed = current->killed;
    child->group = current->group;
    child->parent = current;
    memcpy(child->name, current->name, NAME_SIZE);
    sched_make_ready(child);
    return child->pid;
}

int proc_fork(void)
{
    struct proc *child;
    int result = new_process(&child);

    if (result < 0)
        return result;
    result = copy_process(child);
    pv.fence(); /* the parent's own pages are read-only now, even if we failed */
    sched_lock();
    if (result < 0)
        release(child);
    else
        result = publish(child);
    sched_unlock();
    return result;
}

static void give_children_to_init(const struct proc *parent)
{
    for (struct proc *p = table; p < table + MAX_PROCESSES; p++) {
        if (p->parent != parent)
            continue;
        p->parent = table;
        if (p->state == STATE_ZOMBIE)
            sched_wakeup_locked(table);
    }
}

/* Others may be counting our pages (proc_info): they get no further than the root. */
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
void proc_exit(int status)
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

void proc_check_killed(void)
{
    if (current->killed)
        proc_exit(STATUS_KILLED);
}

static struct proc *find_zombie(bool *any_child)
{
    *any_child = false;
    for (struct proc *p = table; p < table + MAX_PROCESSES; p++) {
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
    release(zombie);
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

int proc_wait(uint32_t status_va, uint32_t flags)
{
    int result;

    sched_lock();
    result = wait_for_zombie(status_va, flags);
    sched_unlock();
    return result;
}

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
    struct proc *p = find_pid(pid);

    if (!p)
        return -ESRCH;
    if (pid == INIT_PID)
        return -EPERM;
    mark_killed(p);
    return 0;
}

int proc_kill(int pid)
{
    int error;

    sched_lock();
    error = kill_one(pid);
    sched_unlock();
    return error;
}

void proc_kill_group(int group)
{
    sched_lock();
    for (struct proc *p = table; p < table + MAX_PROCESSES; p++)
        if (is_visible(p) && p->group == group && p->pid != INIT_PID)
            mark_killed(p);
    sched_unlock();
}

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

int proc_info(uint32_t slot, struct procinfo *info)
{
    bool used;

    if (slot >= MAX_PROCESSES)
        return -EINVAL;
    sched_lock();
    used = is_visible(&table[slot]);
    if (used)
        describe(&table[slot], info);
    sched_unlock();
    return used ? 0 : -ENOENT;
}
