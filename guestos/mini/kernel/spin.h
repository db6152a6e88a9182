/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * spin.h - spin locks, and the order in which they are taken. A CPU that wants a lock which
 * another holds tries until it gets it. The kernel runs with interrupts off, so whoever holds a
 * lock goes on until it gives it back: nobody sleeps with one, but for the scheduler's own
 * (sched.c).
 *
 * Two CPUs that each want what the other holds would wait for ever. So each lock has a rank,
 * and a CPU takes a lock only if it holds none of that rank or of a later one. Every spin_lock
 * checks that, and so finds a lock that is taken twice too; a mistake panics.
 *
 * They are not fair: whoever tries first after a lock is given back gets it. A ticket lock goes
 * to the one who has waited longest; but in a VM that may be a CPU which does not have its turn,
 * and all others then wait for that.
 */
#ifndef MINI_SPIN_H
#define MINI_SPIN_H

#include <stdint.h>

struct cpu;

/* From the first to be taken to the last. */
enum lock_rank {
    LOCK_FILE,    /* file.c: the offset of one open file */
    LOCK_PIPE,    /* pipe.c: one pipe */
    LOCK_CONSOLE, /* console.c: what was typed */
    LOCK_CLOCK,   /* timer.c: the count of ticks */
    LOCK_FILES,   /* file.c: the table of open files */
    LOCK_RAMFS,   /* ramfs.c: the directory, and what is in the files */
    LOCK_SCHED,   /* sched.c: the process table, and which CPU is idle */
    LOCK_BALLOON, /* balloon.c: the device, and the pages that it has */
    LOCK_PAGE,    /* page.c: free pages, and how many hold each */
    LOCK_PRINT,   /* print.c: the order of what is printed */
};

struct spinlock {
    struct cpu *holder; /* NULL: free */
    uint32_t rank;
};

#define SPINLOCK(order) ((struct spinlock){.rank = (order)})

void spin_lock(struct spinlock *l);
void spin_unlock(struct spinlock *l);

#endif
