/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * proc.h - processes. proc.c owns their life (creation, fork, exit, wait, kill), sched.c
 * decides which one runs. There is one hart and the kernel runs with interrupts off, so a piece
 * of kernel code that does not sleep is never interrupted: that is the only lock.
 */
#ifndef MINI_PROC_H
#define MINI_PROC_H

#include <stdbool.h>
#include <stdint.h>

#include "mini/abi.h"
#include "trapframe.h"
#include "vm.h"

/* What switch.S preserves, in its order. */
struct context {
    uint32_t ra;
    uint32_t sp;
    uint32_t s[12];
};

enum {
    INIT_PID = 1,
    STATE_UNUSED = 0,
    STACK_MARK = 0x57ac4e4d, /* the lowest word of a kernel stack, which it must never reach */
};

struct file;

struct proc {
    uint32_t state; /* STATE_UNUSED, or STATE_READY.. in abi.h */
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
    const void *channel; /* what a sleeper waits for */
    bool killed;         /* ends before it next runs user code */
    int status;          /* of a zombie, for wait() */
};

extern struct proc *current; /* NULL in the scheduler */

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
void sched_leave(void); /* to the scheduler; current->state says whether we come back */
void sched_yield(void);
void sched_sleep(const void *channel);
void sched_wakeup(const void *channel);
struct proc *proc_slot(uint32_t i);

/* exec.c */
struct exec_args;
int exec_program(struct proc *p, const char *path, const struct exec_args *args);

#endif
