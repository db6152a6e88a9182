/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * proc.h - processes: what the kernel knows of each. fork.c creates them, exec.c changes them,
 * exit.c and kill.c end them, sched.c decides which one runs, and where. The scheduler's lock
 * protects the table: who there is, their states, names, parents, channels and root tables. The
 * rest is a process's own: its memory, files and trapframe are used by nobody else while it lives.
 */
#ifndef MINI_PROC_H
#define MINI_PROC_H

#include <stdbool.h>
#include <stdint.h>

#include "common/abi.h"
#include "cpu.h"
#include "riscv.h"
#include "trapframe.h"

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

extern struct proc procs[MAX_PROCESSES]; /* the first is init */

/* Its registers as they were in user mode. */
struct trapframe *proc_trapframe(struct proc *p);

/* Those who hold the scheduler's lock may ask: is it one that others know of? Who has that pid? */
bool proc_is_visible(const struct proc *p);
struct proc *proc_find(int pid); /* NULL: nobody */

/* The slot is unused again. */
void proc_release(struct proc *p);

#endif
