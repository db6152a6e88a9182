/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sysproc.c - the system calls about processes and time: they check and fetch arguments, and
 * leave the work to proc.c, exec.c and timer.c.
 */
#include <stddef.h>

#include "console.h"
#include "copy.h"
#include "exec.h"
#include "exit.h"
#include "fork.h"
#include "kill.h"
#include "page.h"
#include "proc.h"
#include "procinfo.h"
#include "sbi.h"
#include "syscall.h"
#include "timer.h"

int32_t sys_exit(const uint32_t *arg)
{
    exit_process((int)(arg[0] & STATUS_EXIT_MASK));
}

int32_t sys_fork(const uint32_t *arg)
{
    (void)arg;
    return fork_process();
}

static int fetch_arg(struct exec_args *args, uint32_t va)
{
    int n;

    if (args->count == MAX_ARGS || args->used == ARGS_SIZE)
        return -E2BIG;
    n = copy_string_from_user(args->text + args->used, va, ARGS_SIZE - args->used);
    if (n < 0)
        return n == -ENAMETOOLONG ? -E2BIG : n;
    args->used += (uint32_t)n + 1;
    args->count++;
    return 0;
}

/* The program's argv: an array of pointers to strings that ends with a null pointer. */
static int fetch_args(struct exec_args *args, uint32_t argv)
{
    for (;; argv += sizeof(uint32_t)) {
        uint32_t va;
        int error = copy_from_user(&va, argv, sizeof(va));

        if (error < 0 || va == 0)
            return error;
        error = fetch_arg(args, va);
        if (error < 0)
            return error;
    }
}

int32_t sys_exec(const uint32_t *arg)
{
    char path[NAME_SIZE];
    struct exec_args *args;
    int error = copy_string_from_user(path, arg[0], sizeof(path));

    if (error < 0)
        return error;
    args = page_alloc_zeroed(); /* too big for a kernel stack of one page */
    if (!args)
        return -ENOMEM;
    error = fetch_args(args, arg[1]);
    if (error == 0)
        error = exec_program(current, path, args);
    page_free(args);
    return error;
}

int32_t sys_wait(const uint32_t *arg)
{
    if (arg[1] & ~(uint32_t)WAIT_NOHANG)
        return -EINVAL;
    return exit_wait(arg[0], arg[1]);
}

int32_t sys_kill(const uint32_t *arg)
{
    return kill_pid((int)arg[0]);
}

int32_t sys_getpid(const uint32_t *arg)
{
    (void)arg;
    return current->pid;
}

int32_t sys_sleep(const uint32_t *arg)
{
    return timer_sleep_ms(arg[0]);
}

/* The top bit would look like an error: the clock starts again after 24 days. */
int32_t sys_uptime(const uint32_t *arg)
{
    (void)arg;
    return (int32_t)(timer_uptime_ms() & INT32_MAX);
}

int32_t sys_procinfo(const uint32_t *arg)
{
    struct procinfo info;
    int error = procinfo_get(arg[0], &info);

    return error < 0 ? error : copy_to_user(arg[1], &info, sizeof(info));
}

int32_t sys_newgroup(const uint32_t *arg)
{
    (void)arg;
    current->group = current->pid;
    return current->group;
}

int32_t sys_foreground(const uint32_t *arg)
{
    if ((int)arg[0] < 0)
        return -EINVAL;
    console_set_foreground((int)arg[0]);
    return 0;
}

int32_t sys_poweroff(const uint32_t *arg)
{
    if (arg[0] > 1)
        return -EINVAL;
    sbi_shutdown(arg[0] != 0);
}
