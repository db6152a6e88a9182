/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fork.c - creates processes: the first one, and each other as a copy of its parent. The child's
 * memory is shared copy on write (vm.c), its open files are the parent's (file.c).
 */
#include "fork.h"

#include <stdbool.h>
#include <stddef.h>

#include "exec.h"
#include "file.h"
#include "memlayout.h"
#include "page.h"
#include "panic.h"
#include "proc.h"
#include "pv.h"
#include "sched.h"
#include "string.h"
#include "vm.h"

static int next_pid = INIT_PID;

static struct proc *find_unused(void)
{
    for (struct proc *p = procs; p < procs + MAX_PROCESSES; p++)
        if (p->state == STATE_UNUSED)
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

/* init gets the boot arguments as its only argument, and the console as files 0, 1 and 2. */
void fork_init(const char *bootargs)
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

int fork_process(void)
{
    struct proc *child;
    int result = new_process(&child);

    if (result < 0)
        return result;
    result = copy_process(child);
    pv.fence(); /* the parent's own pages are read-only now, even if we failed */
    sched_lock();
    if (result < 0)
        proc_release(child);
    else
        result = publish(child);
    sched_unlock();
    return result;
}
