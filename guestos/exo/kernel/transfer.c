/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * transfer.c - protected control transfer: a call of another environment, which goes on at once
 * with the caller's slice and four words in registers. What it does with them is its business;
 * the kernel says truly who calls.
 */
#include "kernel.h"

enum { REG_A0 = 10, WORDS = 4 };

static void pass(struct env *from, struct env *to, uint32_t first)
{
    uint32_t *x = &to->save->x[REG_A0];

    x[0] = first;
    for (uint32_t i = 1; i <= WORDS; i++)
        x[i] = from->save->x[REG_A0 + i];
}

int32_t call_call(const uint32_t *a)
{
    struct env *e = env_find(a[0]);

    if (!e)
        return -ESRCH;
    if (e->group != current->group && !(e->save->accepts >> current->group & 1))
        return -EPERM;
    if (e->state != ENV_SERVING)
        return -EAGAIN;
    pass(current, e, current->name);
    current->state = ENV_CALLING;
    current->callee = e;
    e->caller = current;
    e->state = ENV_READY;
    slice_run(e);
    return 0;
}

int32_t call_reply(const uint32_t *a)
{
    struct env *me = current, *caller = me->caller;

    (void)a;
    me->caller = NULL;
    me->state = ENV_SERVING;
    if (!caller)
        return 0;
    pass(me, caller, 0);
    caller->state = ENV_READY;
    slice_run(caller);
    return 0;
}
