/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * proc.h - processes. proc.c owns their life (creation, fork, exit, wait, kill), sched.c
 * decides which one runs, and where. The scheduler's lock protects the table of them: who there
 * is, their states, names, parents, channels and root tables. The rest is a process's own: its
 * memory, files and trapframe are used by nobody else while it lives.
 */
#ifndef MINI_PROC_H
#define MINI_PROC_H

#include <stdbool.h>
#include <stdint.h>

#include "common/abi.h"
#include "cpu.h"
#include "trapframe.h"
#include "vm.h"

enum {
    INIT_PID = 1,
    STATE_UNUSED = 0,
    STATE_NEW = 5,           /* being made by fork: nobody else's business yet */
    STACK_MARK = 0x57ac4e4d, /* the lowest word of a kernel stack, which it must never reach */
};

struct file;

struct proc {
    uint32_t state; /* STATE_UNUSED, STATE_NEW, or STATE_READY.. in abi.h */
    int pid;
    int group; /* whom ^C kills together */
    struct proc *parent;
    char name[NAME_SIZE];

    pte_t *root;
    uint32_t heap_start, heap_end; /* heap_end is the break; it may lie within a page */
    uint32_t held;                 /* pages withheld by hold() */
    struct file *files[MAX_FDS];

    uint8_t *stack; /* one page; the trapframe is at its top */
    struct context context;
    const struct cpu *cpu; /* where it runs, or ran last */
    const void *channel;   /* what a sleeper waits for */
    bool killed;           /* ends before it next runs user code */
    int status;            /* of a zombie, for wait() */
};

/* The process whose kernel code asks; NULL in the scheduler. */
#define current (cpu_this()->proc)

/* proc.c */
void proc_start_init(const char *bootargs);
int proc_fork(void);
_Noreturn void proc_exit(int status);
void proc_check_killed(void); /* does not return if somebody killed us */
int proc_wait(uint32_t status_va, uint32_t flags);
int proc_kill(int pid);
void proc_kill_group(int group);
int proc_info(uint32_t slot, struct procinfo *info);
struct trapframe *proc_trapframe(struct proc *p);

/* sched.c */
_Noreturn void scheduler(void);
void sched_lock(void);
void sched_unlock(void);
void sched_yield(void);
struct spinlock;

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
struct proc *proc_slot(uint32_t i);

/* exec.c */
struct exec_args;
int exec_program(struct proc *p, const char *path, const struct exec_args *args);

#endif
