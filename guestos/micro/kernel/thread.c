/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * thread.c - what holders of a thread's capability do to it: set it going, in another space too;
 * stop it; make it a copy of another. Whatever it waited for is off.
 */
#include "kernel.h"
#include "string.h"

static struct thread *thread_argument(uint32_t slot)
{
    struct cap *c = cap_find(current->space, slot, CAP_THREAD, RIGHT_MANAGE);

    return c ? (struct thread *)c->object : NULL;
}

/* a: thread, space or 0 for its own, pc, sp, a0, a1. */
int32_t sys_thread_set(const uint32_t *a, uint32_t *more)
{
    struct thread *t = thread_argument(a[0]);
    struct cap *space = cap_find(current->space, a[1], CAP_SPACE, RIGHT_MANAGE);

    (void)more;
    if (!t || (a[1] && !space) || t == current)
        return -EINVAL;
    sched_remove(t);
    if (space) {
        t->space->threads--;
        t->space = (struct space *)space->object;
        t->space->threads++;
    }
    memset(t->x, 0, sizeof(t->x));
    t->faulted = false;
    t->x[0] = a[2];
    t->x[REG_SP] = a[3];
    t->x[REG_A0] = a[4];
    t->x[REG_A1] = a[5];
    sched_ready(t);
    return 0;
}

int32_t sys_thread_stop(const uint32_t *a, uint32_t *more)
{
    struct thread *t = thread_argument(a[0]);

    (void)more;
    if (!t || t == current)
        return -EINVAL;
    sched_remove(t);
    t->faulted = false;
    return 0;
}

/* a: a thread, the one it becomes a copy of, and words[0] of the reply that it believes it got. */
int32_t sys_thread_copy(const uint32_t *a, uint32_t *more)
{
    struct thread *t = thread_argument(a[0]);
    struct thread *from = thread_argument(a[1]);

    (void)more;
    if (!t || !from || t == current || t == from)
        return -EINVAL;
    sched_remove(t);
    memcpy(t->x, from->x, sizeof(t->x));
    t->faulted = false;
    t->x[REG_A0] = 0;
    t->x[REG_A1] = 0;
    t->x[REG_A2] = a[2];
    sched_ready(t);
    return 0;
}
