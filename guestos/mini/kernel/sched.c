/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sched.c - who runs next, and what a CPU does when nobody can. Round robin over the process
 * table; a process runs until it sleeps, exits, or a timer tick takes the CPU away (trap.c).
 * Each CPU has a scheduler of its own, on the stack on which it started, and all of them choose
 * from the one table, under the one lock.
 *
 * The lock is held across each change of context. The process that leaves takes it, and the
 * scheduler goes on with it; the process that is chosen gives it back. So nobody sees a process
 * that is no longer running, but whose registers are not saved yet or whose stack is in use.
 *
 *   CPU 0:  P: lock, state = SLEEPING, switch  ->  scheduler: choose Q, switch  ->  Q: unlock
 */
#include "sched.h"

#include <stdbool.h>
#include <stddef.h>

#include "cpu.h"
#include "panic.h"
#include "proc.h"
#include "pv.h"
#include "spin.h"
#include "vm.h"

static struct spinlock lock = SPINLOCK(LOCK_SCHED);
static uint32_t ready;  /* processes in STATE_READY */
static uint32_t called; /* CPUs in CPU_CALLED */
static uint32_t slot;   /* where the search for the next one goes on */

void switch_context(struct context *from, const struct context *to); /* switch.S */

void sched_lock(void)
{
    spin_lock(&lock);
}

static void call(struct cpu *c)
{
    if (c->state != CPU_IDLE)
        return;
    c->state = CPU_CALLED;
    called++;
    if (c != cpu_this()) /* an idle CPU that serves an interrupt looks anyway */
        cpu_interrupt(c);
}

/*
 * For each process that waits for a CPU an idle one is called. Not when the process becomes
 * ready but now: whoever woke it may have gone to sleep since, and run it on its own CPU.
 */
void sched_unlock(void)
{
    if (ready > called)
        call(cpu_this());
    for (uint32_t i = 0; i < cpu_count && ready > called; i++)
        call(&cpus[i]);
    spin_unlock(&lock);
}

void sched_make_ready(struct proc *p)
{
    p->state = STATE_READY;
    ready++;
}

/* The kernel stack grows down in its one page. */
static void check_stack(const struct proc *p)
{
    if (p->stack && *(uint32_t *)(void *)p->stack != STACK_MARK)
        panic("pid %d: kernel stack overflow", p->pid);
}

static void run(struct cpu *me, struct proc *p)
{
    ready--;
    me->proc = p;
    p->cpu = me;
    p->state = STATE_RUNNING;
    vm_activate(p->root);
    switch_context(&me->context, &p->context);
    me->proc = NULL;
    check_stack(p);
}

/* The last process's page tables may be gone before we run another: translate by the kernel's. */
static void idle(struct cpu *me)
{
    vm_activate(NULL);
    me->state = CPU_IDLE;
    sched_unlock();
    pv.idle();
    sched_lock();
    if (me->state == CPU_CALLED)
        called--;
    me->state = CPU_BUSY;
}

static struct proc *next_ready(void)
{
    for (uint32_t i = 0; ready && i < MAX_PROCESSES; i++) {
        slot = (slot + 1) % MAX_PROCESSES;
        if (procs[slot].state == STATE_READY)
            return &procs[slot];
    }
    return NULL;
}

/* Others are called for what waits. */
static void stop(struct cpu *me)
{
    vm_activate(NULL);
    me->state = CPU_STOPPED;
    sched_unlock();
    cpu_stop();
}

static bool is_wanted(const struct cpu *me)
{
    return me < &cpus[cpu_wanted];
}

void scheduler(void)
{
    struct cpu *me = cpu_this();

    sched_lock();
    for (;;) {
        struct proc *p = is_wanted(me) ? next_ready() : NULL;

        if (!is_wanted(me))
            stop(me);
        else if (p)
            run(me, p);
        else
            idle(me);
    }
}

void sched_leave(void)
{
    struct cpu *me = cpu_this();

    if (me->held != 1u << LOCK_SCHED)
        panic("pid %d leaves its CPU holding %x", current->pid, me->held);
    switch_context(&current->context, &me->context);
}

void sched_yield(void)
{
    sched_lock();
    sched_make_ready(current);
    sched_leave();
    sched_unlock();
}

/* A kill finds us either still running, and then we see it here, or asleep, and wakes us. */
int sched_sleep_locked(const void *channel)
{
    struct proc *p = current;

    if (p->killed)
        return -EINTR;
    p->channel = channel;
    p->state = STATE_SLEEPING;
    sched_leave();
    p->channel = NULL;
    return 0;
}

/*
 * Whoever changes what we wait for holds the other lock, and then wakes us with the scheduler's.
 * We take that one before we give back the other: so the change comes before our look or the
 * wakeup after we sleep.
 */
int sched_sleep(const void *channel, struct spinlock *other)
{
    int error;

    sched_lock();
    spin_unlock(other);
    error = sched_sleep_locked(channel);
    sched_unlock();
    spin_lock(other);
    return error;
}

void sched_wakeup_locked(const void *channel)
{
    for (uint32_t i = 0; i < MAX_PROCESSES; i++) {
        struct proc *p = &procs[i];

        if (p->state == STATE_SLEEPING && p->channel == channel)
            sched_make_ready(p);
    }
}

void sched_wakeup(const void *channel)
{
    sched_lock();
    sched_wakeup_locked(channel);
    sched_unlock();
}
