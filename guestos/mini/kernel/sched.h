/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sched.h - which process runs, and how one waits.
 */
#ifndef MINI_SCHED_H
#define MINI_SCHED_H

struct proc;
struct spinlock;

/* Each CPU ends its start-up here. */
_Noreturn void scheduler(void);

/* The lock of the process table and of the CPUs' states. */
void sched_lock(void);
void sched_unlock(void);

/* Let others run: the current process has its next turn after theirs. */
void sched_yield(void);

/*
 * Sleep until someone wakes this channel, or until killed; -EINTR, at once, when killed before.
 * The caller holds `lock`, which protects what it waits for, and looks at that again: the lock
 * is given back only when no wakeup can be lost any more, and taken again.
 */
int sched_sleep(const void *channel, struct spinlock *lock);
void sched_wakeup(const void *channel);

/* The same, and more, for a caller that holds the scheduler's lock. */
int sched_sleep_locked(const void *channel);
void sched_wakeup_locked(const void *channel);
void sched_make_ready(struct proc *p);
void sched_leave(void); /* to the scheduler; current->state says whether we come back */

#endif
