/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sched.c - who runs next, and what the hart does when nobody can. Round robin over the process
 * table; a process runs until it sleeps, exits, or a timer tick takes the hart away (trap.c).
 */
#include <stddef.h>

#include "print.h"
#include "proc.h"
#include "riscv.h"

static struct context scheduler_context;

struct proc *current;

void switch_context(struct context *from, const struct context *to); /* switch.S */

/* The kernel stack grows down in its one page. */
static void check_stack(const struct proc *p)
{
    if (p->stack && *(uint32_t *)(void *)p->stack != STACK_MARK)
        panic("pid %d: kernel stack overflow", p->pid);
}

static void run(struct proc *p)
{
    current = p;
    p->state = STATE_RUNNING;
    vm_activate(p->root);
    switch_context(&scheduler_context, &p->context);
    current = NULL;
    check_stack(p);
}

/*
 * WFI returns when an interrupt is pending even while SIE masks it (section 3.3.3), so one that
 * arrives after the scheduler looked is not lost: it is taken in the open window below.
 */
static void idle(void)
{
    wfi();
    csr_set(sstatus, SSTATUS_SIE);
    csr_clear(sstatus, SSTATUS_SIE);
}

static struct proc *next_ready(uint32_t *slot)
{
    for (uint32_t i = 0; i < MAX_PROCESSES; i++) {
        *slot = (*slot + 1) % MAX_PROCESSES;
        if (proc_slot(*slot)->state == STATE_READY)
            return proc_slot(*slot);
    }
    return NULL;
}

void scheduler(void)
{
    uint32_t slot = 0;

    for (;;) {
        struct proc *p = next_ready(&slot);

        if (p)
            run(p);
        else
            idle();
    }
}

void sched_leave(void)
{
    switch_context(&current->context, &scheduler_context);
}

void sched_yield(void)
{
    current->state = STATE_READY;
    sched_leave();
}

/*
 * Sleep until someone wakes this channel, or until killed. The caller looks again at what it
 * waits for: nothing can have happened between its look and here, interrupts being off.
 */
void sched_sleep(const void *channel)
{
    current->channel = channel;
    current->state = STATE_SLEEPING;
    sched_leave();
    current->channel = NULL;
}

void sched_wakeup(const void *channel)
{
    for (uint32_t i = 0; i < MAX_PROCESSES; i++) {
        struct proc *p = proc_slot(i);

        if (p->state == STATE_SLEEPING && p->channel == channel)
            p->state = STATE_READY;
    }
}
