/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * linux_call.c - which processes are Linux's, and what becomes of their calls. Arguments are where
 * mini's are, and so is the result; errors have the same numbers.
 */
#include "../kernel/exec.h"
#include "../kernel/print.h"
#include "../kernel/syscall.h"
#include "linux.h"

static struct linux_state states[MAX_PROCESSES];

int WRAP(exec_program)(struct proc *p, const char *path, const struct exec_args *args);
int REAL(exec_program)(struct proc *p, const char *path, const struct exec_args *args);

static struct linux_state *slot_of(const struct proc *p)
{
    return &states[p - procs];
}

struct linux_state *linux_state(const struct proc *p)
{
    struct linux_state *s = p ? slot_of(p) : NULL;

    return s && s->is_linux && s->pid == p->pid ? s : NULL;
}

struct linux_state *linux_current(void)
{
    return linux_state(current);
}

/* The environment is kept: it is the caller's, or what execve was given. */
struct linux_state *linux_become(const struct proc *p)
{
    struct linux_state *s = slot_of(p);
    struct linux_state fresh = {.pid = p->pid, .is_linux = true};

    fresh.env_size = s->pid == p->pid ? s->env_size : 0;
    for (uint32_t i = 0; i < fresh.env_size; i++)
        fresh.env[i] = s->env[i];
    *s = fresh;
    return s;
}

void linux_forget(const struct proc *p)
{
    slot_of(p)->is_linux = false;
}

void linux_fork(const struct proc *parent, const struct proc *child)
{
    struct linux_state *s = slot_of(child);

    if (!linux_state(parent)) {
        s->is_linux = false;
        return;
    }
    *s = *slot_of(parent);
    s->pid = child->pid;
    for (uint32_t i = 0; i < LINUX_KEPT; i++)
        s->kept_pid[i] = 0;
}

int WRAP(exec_program)(struct proc *p, const char *path, const struct exec_args *args)
{
    bool is_linux = false;
    int error = linux_exec(p, path, args, &is_linux);

    if (is_linux || error < 0)
        return error;
    error = REAL(exec_program)(p, path, args);
    if (error == 0)
        linux_forget(p);
    return error;
}

int32_t linux_lacks(const char *what, uint32_t number)
{
    struct linux_state *s = linux_current();
    uint32_t bit = number % 512;

    if (!(s->told[bit / 32] >> bit % 32 & 1))
        printk("pid %d (%s): Linux's call %u (%s) is not translated\n", current->pid,
               current->name, number, what);
    s->told[bit / 32] |= 1u << bit % 32;
    return -ENOSYS;
}

/* By number. Without a function: the answer. */
static const struct {
    bool known;
    int32_t (*call)(const uint32_t *arg);
    int32_t answer;
} calls[] = {
#define CALL(number, name) [number] = {true, linux_##name, 0},
#define SAME(number, name, function) [number] = {true, function, 0},
#define ANSWER(number, name, value) [number] = {true, NULL, value},
#include "linux_calls.def"
};

enum { CALLS = sizeof(calls) / sizeof(calls[0]) };

/* As in syscall.c: execve replaces the registers, the result must not. */
void linux_syscall(struct trapframe *tf)
{
    uint32_t number = tf->x[REG_A7], pc = tf->sepc;
    int32_t result;

    if (number >= CALLS || !calls[number].known)
        result = linux_lacks("unknown", number);
    else
        result = calls[number].call ? calls[number].call(&tf->x[REG_A0]) : calls[number].answer;
    if (tf->sepc == pc)
        tf->x[REG_A0] = (uint32_t)result;
}
