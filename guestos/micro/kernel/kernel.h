/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kernel.h - what the kernel's files offer each other. Functions that return int give 0 or a
 * negative error.
 */
#ifndef MICRO_KERNEL_H
#define MICRO_KERNEL_H

#include "objects.h"

/* cap.c. Does what it names still live? Of a reply: does the caller still wait for this one? */
static inline bool cap_is_live(const struct cap *c)
{
    const struct thread *t = (const struct thread *)c->object;

    if (c->type < CAP_SPACE || c->type > CAP_REPLY)
        return c->type != CAP_NONE;
    if (pages[page_number(t)].generation != c->generation)
        return false;
    return c->type != CAP_REPLY || (t->state == CALLING && t->calls == c->badge);
}

/* Whatever is in a slot; NULL: no such slot. */
static inline struct cap *cap_slot(struct space *s, uint32_t slot)
{
    return slot - 1 < SLOTS - 1 ? &s->caps[slot] : NULL;
}

/* The capability in a slot if it is of this type, has the rights and its object lives. */
static inline struct cap *cap_find(struct space *s, uint32_t slot, uint32_t type,
                                   uint32_t rights)
{
    struct cap *c = cap_slot(s, slot);

    return c && c->type == type && (c->rights & rights) == rights && cap_is_live(c) ? c : NULL;
}

void cap_clear(struct cap *c); /* whoever waited for a reply by it waits no more */

static inline void cap_set(struct cap *c, uint32_t type, void *object, uint32_t badge)
{
    c->type = (uint8_t)type;
    c->rights = RIGHT_ALL;
    c->object = (uint32_t)object;
    c->badge = badge;
    c->generation = pages[page_number(object)].generation;
}

/* object.c. */
void object_make_thread(struct thread *t, struct space *s, uint32_t priority);
void object_make_space(struct space *s, uint32_t *root);

/* space.c. A leaf for page `number` (of memory, or a device's physical one) at va. */
int space_map(struct space *s, uint32_t va, uint32_t number, bool device, uint32_t rights);
int space_map_item(struct space *s, uint32_t va, struct space *from, uint32_t slot,
                   uint32_t page, uint32_t rights);
int space_add_table(struct space *s, uint32_t va, uint32_t number);
void space_empty(struct space *s); /* no mappings and no tables */
void space_activate(uint32_t satp);

extern uint32_t space_active; /* satp */

/* Translate by it from now on. */
static inline void space_enter(const struct space *s)
{
    if (s->satp != space_active)
        space_activate(s->satp);
}

void space_init(uint32_t ram_end);

/* sched.c. */
void sched_ready(struct thread *t);  /* it may run; it must be in no queue */
void sched_remove(struct thread *t); /* from whatever queue it is in; now it is STOPPED */
struct thread *sched_next(void);     /* who runs now; waits if nobody can */

extern uint32_t sched_ready_mask; /* bit p: somebody of priority p is ready */

/* Is anybody ready who comes before a thread of this priority? */
static inline bool sched_is_anybody_above(uint32_t priority)
{
    return sched_ready_mask >> priority >> 1;
}

/* Go on with a thread that is in no queue. */
static inline void sched_switch(struct thread *to)
{
    to->state = READY;
    current = to;
    space_enter(to->space);
}

void queue_add(struct queue *q, struct thread *t);
void queue_remove(struct queue *q, struct thread *t);

/* ipc.c. */
void ipc_dispatch(uint32_t call);
bool ipc_fast(struct thread *t, uint32_t call);
void ipc_fault(uint32_t cause, uint32_t address);
void ipc_signal(struct endpoint *e, uint32_t bits);
void ipc_abandon(struct thread *t, int error); /* it waits no more, and is told why */

/* irq.c. */
void irq_init(uint32_t interval);
void irq_timer(void);
void irq_external(void);

/* Every other call: it takes a0 to a6, and gives a0, and maybe a1 and a2 (more). */
#define CALL(number, name) int32_t sys_##name(const uint32_t *a, uint32_t *more);
#define IPC(number, name)
#include "micro/calls.def"
#undef CALL

#endif
