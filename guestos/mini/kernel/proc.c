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
#include "string.h"

static struct proc table[MAX_PROCESSES];
static int next_pid = INIT_PID;

void trap_return(void); /* trapentry.S */

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

static struct proc *find_pid(int pid)
{
    for (struct proc *p = table; p < table + MAX_PROCESSES; p++)
        if (p->state != STATE_UNUSED && p->pid == pid)
            return p;
    return NULL;
}

/* Give an unused slot a kernel stack, from which it will first run straight into user mode. */
static bool prepare(struct proc *p)
{
    uint8_t *stack = page_alloc();

    if (!stack)
        return false;
    *(uint32_t *)(void *)stack = STACK_MARK;
    *p = (struct proc){.stack = stack, .pid = next_pid++};
    p->group = p->pid;
    p->context.ra = (uint32_t)trap_return;
    p->context.sp = (uint32_t)proc_trapframe(p);
    return true;
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
    struct proc *p = table;

    if (!prepare(p) || !exec_args_add(&args, "init") || !exec_args_add(&args, bootargs) ||
        exec_program(p, "init", &args) < 0)
        panic("cannot start init");
    for (int fd = 0; fd < 3; fd++)
        p->files[fd] = file_open_console();
    p->state = STATE_READY;
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
        vm_free(child->root);
        return -ENOMEM;
    }
    child->heap_start = current->heap_start;
    child->heap_end = current->heap_end;
    child->group = current->group;
    child->parent = current;
    memcpy(child->name, current->name, NAME_SIZE);
    for (int fd = 0; fd < MAX_FDS; fd++)
        child->files[fd] = file_share(current->files[fd]);
    *proc_trapframe(child) = *proc_trapframe(current);
    proc_trapframe(child)->x[REG_A0] = 0;
    return 0;
}

int proc_fork(void)
{
    struct proc *child = find_unused();
    int error;

    if (!child)
        return -EAGAIN;
    if (!prepare(child))
        return -ENOMEM;
    error = copy_process(child);
    sfence_vma_all(); /* the parent's own pages are read-only now, even if we failed */
    if (error < 0) {
        release(child);
        return error;
    }
    child->state = STATE_READY;
    return child->pid;
}

static void give_children_to_init(const struct proc *parent)
{
    for (struct proc *p = table; p < table + MAX_PROCESSES; p++) {
        if (p->parent != parent)
            continue;
        p->parent = table;
        if (p->state == STATE_ZOMBIE)
            sched_wakeup(table);
    }
}

/* A parent sleeps on its own slot while it waits for a child. */
void proc_exit(int status)
{
    struct proc *p = current;

    if (p->pid == INIT_PID)
        panic("init exited with status %d", status);
    for (int fd = 0; fd < MAX_FDS; fd++)
        file_close(p->files[fd]);
    vm_activate(NULL);
    vm_free(p->root);
    page_unhold(p->held);
    give_children_to_init(p);
    p->root = NULL;
    p->status = status;
    p->state = STATE_ZOMBIE;
    sched_wakeup(p->parent);
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

int proc_wait(uint32_t status_va, uint32_t flags)
{
    for (;;) {
        bool any_child;
        struct proc *zombie = find_zombie(&any_child);

        if (zombie)
            return bury(zombie, status_va);
        if (!any_child)
            return -ECHILD;
        if (flags & WAIT_NOHANG)
            return 0;
        if (current->killed)
            return -EINTR;
        sched_sleep(current);
    }
}

/* The victim ends itself, on its way back to user mode (trap.c), wherever it is now. */
static void mark_killed(struct proc *p)
{
    p->killed = true;
    if (p->state == STATE_SLEEPING)
        p->state = STATE_READY;
}

int proc_kill(int pid)
{
    struct proc *p = find_pid(pid);

    if (!p)
        return -ESRCH;
    if (pid == INIT_PID)
        return -EPERM;
    mark_killed(p);
    return 0;
}

void proc_kill_group(int group)
{
    for (struct proc *p = table; p < table + MAX_PROCESSES; p++)
        if (p->state != STATE_UNUSED && p->group == group && p->pid != INIT_PID)
            mark_killed(p);
}

int proc_info(uint32_t slot, struct procinfo *info)
{
    const struct proc *p = &table[slot];

    if (slot >= MAX_PROCESSES)
        return -EINVAL;
    if (p->state == STATE_UNUSED)
        return -ENOENT;
    *info = (struct procinfo){
        .pid = p->pid,
        .parent = p->parent ? p->parent->pid : 0,
        .group = p->group,
        .state = p->state,
        .pages = p->root ? vm_count_pages(p->root) : 0,
    };
    memcpy(info->name, p->name, NAME_SIZE);
    return 0;
}
