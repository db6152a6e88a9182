/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sched.c - who runs: the first of the highest priority that is ready. The thread that runs is in
 * no queue. A tick ends its turn, if another of its priority waits.
 */
#include "kernel.h"
#include "riscv.h"

struct thread *current;

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

/* Whom another interrupted has not had its turn yet. */
static void add_first(struct queue *q, struct thread *t)
{
    t->previous = NULL;
    t->next = q->first;
    if (q->first)
        q->first->previous = t;
    else
        q->last = t;
    q->first = t;
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

void sched_ready(struct thread *t)
{
    t->state = READY;
    if (t != current)
        queue_add(&ready[t->priority], t);
}

void sched_remove(struct thread *t)
{
    if (t->state == READY && t != current)
        queue_remove(&ready[t->priority], t);
    else if (t->state == SENDING)
        queue_remove(&t->endpoint->senders, t);
    else if (t->state == RECEIVING)
        queue_remove(&t->endpoint->receivers, t);
    else if (t->state == CALLING)
        t->calls++;
    t->state = STOPPED;
}

static struct thread *highest_ready(void)
{
    for (int p = PRIORITIES - 1; p >= 0; p--)
        if (ready[p].first)
            return ready[p].first;
    return NULL;
}

/* Nobody is ready: wait for an interrupt, and let it make somebody so. */
static struct thread *wait_for_somebody(void)
{
    struct thread *t;

    while (!(t = highest_ready())) {
        wfi();
        if (csr_read(sip) & SIE_STIE)
            irq_timer();
        irq_external();
    }
    return t;
}

/* Whether anybody is ready who comes before a thread of this priority. */
static bool is_anybody_above(uint32_t priority)
{
    for (uint32_t p = PRIORITIES - 1; p > priority; p--)
        if (ready[p].first)
            return true;
    return false;
}

struct thread *sched_switch(struct thread *to)
{
    if (is_anybody_above(to->priority))
        return NULL;
    to->state = READY;
    current = to;
    space_enter(to->space);
    return to;
}

struct thread *sched_next(void)
{
    struct thread *was = current;
    struct thread *t;

    if (was->state == READY && !is_anybody_above(was->priority))
        return was;
    current = NULL;
    if (was->state == READY)
        add_first(&ready[was->priority], was);
    t = wait_for_somebody();
    queue_remove(&ready[t->priority], t);
    current = t;
    space_enter(t->space);
    return t;
}

int32_t sys_yield(const uint32_t *a, uint32_t *more)
{
    struct thread *t = current;

    (void)a;
    (void)more;
    if (ready[t->priority].first) {
        queue_add(&ready[t->priority], t);
        current = ready[t->priority].first;
        queue_remove(&ready[t->priority], current);
        space_enter(current->space);
    }
    return 0;
}
