/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sched.c - who runs: the first of the highest priority that is ready. The thread that runs is in
 * no queue. A tick ends its turn, if another of its priority waits.
 */
#include "kernel.h"
#include "riscv.h"

struct thread *current;

uint32_t sched_ready_mask;
static struct queue ready[PRIORITIES];

void queue_add(struct queue *q, struct thread *t)
{
    t->next = NULL;
    t->previous = q->last;
    if (q->last)
        q->last->next = t;
    else
        q->first = t;
    q->last = t;
}

void queue_remove(struct queue *q, struct thread *t)
{
    if (t->previous)
        t->previous->next = t->next;
    else
        q->first = t->next;
    if (t->next)
        t->next->previous = t->previous;
    else
        q->last = t->previous;
}

static void add_last(struct thread *t)
{
    queue_add(&ready[t->priority], t);
    sched_ready_mask |= 1u << t->priority;
}

/* Whom another interrupted has not had its turn yet. */
static void add_first(struct thread *t)
{
    struct queue *q = &ready[t->priority];

    t->previous = NULL;
    t->next = q->first;
    if (q->first)
        q->first->previous = t;
    else
        q->last = t;
    q->first = t;
    sched_ready_mask |= 1u << t->priority;
}

static void take_out(struct thread *t)
{
    struct queue *q = &ready[t->priority];

    queue_remove(q, t);
    if (!q->first)
        sched_ready_mask &= ~(1u << t->priority);
}

void sched_ready(struct thread *t)
{
    t->state = READY;
    if (t != current)
        add_last(t);
}

void sched_remove(struct thread *t)
{
    if (t->state == READY && t != current)
        take_out(t);
    else if (t->state == SENDING)
        queue_remove(&t->endpoint->senders, t);
    else if (t->state == RECEIVING)
        queue_remove(&t->endpoint->receivers, t);
    else if (t->state == CALLING)
        t->calls++;
    t->state = STOPPED;
}

/* Nobody is ready: wait for an interrupt, and let it make somebody so. */
static struct thread *wait_for_somebody(void)
{
    uint32_t p = PRIORITIES - 1;

    while (sched_ready_mask == 0) {
        wfi();
        if (csr_read(sip) & SIE_STIE)
            irq_timer();
        irq_external();
    }
    while (!ready[p].first)
        p--;
    return ready[p].first;
}

struct thread *sched_next(void)
{
    struct thread *was = current;
    struct thread *t;

    if (was->state == READY && !sched_is_anybody_above(was->priority))
        return was;
    current = NULL;
    if (was->state == READY)
        add_first(was);
    t = wait_for_somebody();
    take_out(t);
    sched_switch(t);
    return t;
}

int32_t sys_yield(const uint32_t *a, uint32_t *more)
{
    struct thread *t = current;
    struct thread *next = ready[t->priority].first;

    (void)a;
    (void)more;
    if (next) {
        add_last(t);
        take_out(next);
        sched_switch(next);
    }
    return 0;
}
