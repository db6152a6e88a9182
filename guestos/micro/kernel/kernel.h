/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kernel.h - what the kernel's files offer each other. Functions that return int give 0 or a
 * negative error.
 */
#ifndef MICRO_KERNEL_H
#define MICRO_KERNEL_H

#include "object.h"

/* cap.c. The capability in a slot of this space if it is of this type, has the rights and its
 * object lives; else NULL. */
struct cap *cap_find(struct space *s, uint32_t slot, uint32_t type, uint32_t rights);
struct cap *cap_slot(struct space *s,
                     uint32_t slot); /* whatever is in it; NULL: no such slot */
bool cap_is_live(const struct cap *c);
void cap_clear(struct cap *c); /* whoever waited for a reply by it waits no more */
void cap_set(struct cap *c, uint32_t type, void *object, uint32_t badge);

/* object.c. */
void object_make_thread(struct thread *t, struct space *s, uint32_t priority);
void object_make_space(struct space *s, uint32_t *root);

/* space.c. A leaf for page `number` (of memory, or a device's physical one) at va. */
int space_map(struct space *s, uint32_t va, uint32_t number, bool device, uint32_t rights);
int space_map_item(struct space *s, uint32_t va, struct space *from, uint32_t slot,
                   uint32_t page, uint32_t rights);
int space_add_table(struct space *s, uint32_t va, uint32_t number);
void space_empty(struct space *s); /* no mappings and no tables */
void space_enter(struct space *s); /* translate by it from now on */
void space_init(uint32_t ram_end);

/* sched.c. */
void sched_ready(struct thread *t);  /* it may run; it must be in no queue */
void sched_remove(struct thread *t); /* from whatever queue it is in; now it is STOPPED */
struct thread *sched_next(void);     /* who runs now; waits if nobody can */
struct thread *sched_switch(
    struct thread *to); /* to, which is in no queue, if nobody is above it */
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

/* syscall.c. Any call but IPC; the result goes into the caller's registers. */
void syscall(struct thread *t, uint32_t call);

#define CALL(number, name) int32_t sys_##name(const uint32_t *a, uint32_t *more);
#define IPC(number, name)
#include "micro/calls.def"
#undef CALL

#endif
