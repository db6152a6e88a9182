/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cap.c - capabilities: finding what a slot names, and handing them on with as many rights or
 * fewer. There is no record of who got a copy: an object's end makes all copies void at once.
 */
#include "kernel.h"

void cap_clear(struct cap *c)
{
    struct thread *waiting = (struct thread *)c->object;
    bool abandoned = c->type == CAP_REPLY && cap_is_live(c);

    c->type = CAP_NONE;
    if (abandoned)
        ipc_abandon(waiting, -EINTR);
}

/* The slot that a call names by a space and a number; NULL if there is none. */
static struct cap *destination(uint32_t space_slot, uint32_t slot)
{
    struct cap *space = cap_find(current->space, space_slot, CAP_SPACE, RIGHT_MANAGE);
    struct cap *to = space ? cap_slot((struct space *)space->object, slot) : NULL;

    return to;
}

/* A badge can be given once: by who holds the endpoint, or all interrupts, without one. */
static bool may_badge(const struct cap *c, uint32_t badge)
{
    return (c->type == CAP_ENDPOINT && c->badge == 0) ||
           (c->type == CAP_IRQ && c->object == IRQS && badge < IRQS);
}

int32_t sys_cap_copy(const uint32_t *a, uint32_t *more)
{
    struct cap *to = destination(a[0], a[1]);
    struct cap *from = cap_slot(current->space, a[2]);
    struct cap copy;

    (void)more;
    if (!to || !from || to == from || !cap_is_live(from) || (a[3] && !may_badge(from, a[3])))
        return -EINVAL;
    copy = *from;
    copy.rights &= (uint8_t)a[4];
    if (a[3] && copy.type == CAP_IRQ)
        copy.object = a[3];
    else if (a[3])
        copy.badge = a[3];
    if (copy.type == CAP_REPLY)
        from->type = CAP_NONE; /* of these there is only one: it moves */
    cap_clear(to);
    *to = copy;
    return 0;
}

int32_t sys_cap_part(const uint32_t *a, uint32_t *more)
{
    struct cap *to = destination(a[0], a[1]);
    struct cap *from = cap_slot(current->space, a[2]);
    struct cap part;

    (void)more;
    if (!to || !from || (from->type != CAP_MEMORY && from->type != CAP_DEVICE) ||
        a[3] > from->badge || a[4] > from->badge - a[3])
        return -EINVAL;
    part = *from;
    part.object += a[3];
    part.badge = a[4];
    part.rights &= (uint8_t)a[5];
    cap_clear(to);
    *to = part;
    return 0;
}

int32_t sys_cap_drop(const uint32_t *a, uint32_t *more)
{
    struct cap *c = destination(a[0], a[1]);

    (void)more;
    if (!c)
        return -EINVAL;
    cap_clear(c);
    return 0;
}
