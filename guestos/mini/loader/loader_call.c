/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * loader_call.c - mini's calls, each by the function of linux/port/port.c that has its name, once
 * its pointers have been found to be the program's. Errors that mini has not are given the
 * nearest one. What does not translate says so, once for each program.
 */
#include "loader.h"
#include "user.h"

/* Does the area reach from va on? To where. */
static uint32_t reach(const struct area *area, uint32_t va, bool write)
{
    return va >= area->start && va < area->end && (area->writable || !write) ? area->end : va;
}

static uint32_t reach_any(uint32_t va, bool write)
{
    const struct area heap = {program.heap_start, page_round_up(program.heap_end), true};
    const struct area stack = {STACK_BASE, STACK_TOP, true};
    uint32_t end = reach(&heap, va, write);

    end = end > va ? end : reach(&stack, va, write);
    for (uint32_t i = 0; i < program.segments && end == va; i++)
        end = reach(&program.segment[i], va, write);
    return end;
}

/* How many of n bytes the program could use itself. */
static uint32_t usable(uint32_t va, uint32_t n, bool write)
{
    uint32_t at = va, end = reach_any(at, write);

    while (end > at && end - va < n) {
        at = end;
        end = reach_any(at, write);
    }
    return end - va < n ? end - va : n;
}

static bool is_usable(uint32_t va, uint32_t n, bool write)
{
    return usable(va, n, write) == n;
}

static int give(uint32_t va, const void *from, uint32_t n)
{
    if (!is_usable(va, n, true))
        return -EFAULT;
    memcpy((void *)va, from, n);
    return 0;
}

/* The length, or an error. */
static int fetch_string(char *to, uint32_t va, uint32_t size)
{
    uint32_t n = usable(va, size, false);

    for (uint32_t i = 0; i < n; i++) {
        to[i] = ((const char *)va)[i];
        if (!to[i])
            return (int)i;
    }
    return n < size ? -EFAULT : -ENAMETOOLONG;
}

/* mini's one directory is Linux's current one, and /NAME a name in it. */
static int fetch_path(char *path, const char **name, uint32_t va)
{
    int n = fetch_string(path, va, PATH_SIZE);
    const char *rest = path + 1;

    if (n <= 0)
        return n < 0 ? n : -ENOENT;
    while (*rest && *rest != '/')
        rest++;
    *name = path[0] == '/' && !*rest ? path + 1 : path;
    return **name ? 0 : -ENOENT;
}

static int32_t lacks(const char *call, const char *why)
{
    static const char *told[4];
    uint32_t i = 0;

    while (i < 4 && told[i] && told[i] != call)
        i++;
    if (i < 4 && !told[i]) {
        told[i] = call;
        dprintf(2, "%s: mini's call %s is not translated: %s\n", program.name, call, why);
    }
    return -ENOSYS;
}

/* ---- Processes ---- */

static int32_t call_exit(const uint32_t *arg)
{
    exit((int)(arg[0] & STATUS_EXIT_MASK));
}

static uint32_t children;

/* mini's process table has an end, and Linux's is far away. */
static int32_t call_fork(const uint32_t *arg)
{
    int pid;

    (void)arg;
    if (children == MAX_PROCESSES - 2)
        return -EAGAIN;
    pid = fork();
    children = pid == 0 ? 0 : pid > 0 ? children + 1 : children;
    return pid;
}

static int fetch_args(struct exec_args *args, uint32_t argv)
{
    *args = (struct exec_args){0};
    for (;; argv += sizeof(uint32_t)) {
        uint32_t va;
        int n;

        if (!is_usable(argv, sizeof(va), false))
            return -EFAULT;
        memcpy(&va, (const void *)argv, sizeof(va));
        if (va == 0)
            return 0;
        if (args->count == MAX_ARGS)
            return -E2BIG;
        n = fetch_string(args->text + args->used, va, ARGS_SIZE - args->used);
        if (n < 0)
            return n == -ENAMETOOLONG ? -E2BIG : n;
        args->used += (uint32_t)n + 1;
        args->count++;
    }
}

static uint32_t *replaced; /* the registers at the call; NULL when they are a new program's */

static int32_t call_exec(const uint32_t *arg)
{
    static struct exec_args args;
    char path[PATH_SIZE];
    const char *name;
    int error = fetch_path(path, &name, arg[0]);

    if (error == 0)
        error = fetch_args(&args, arg[1]);
    if (error == 0)
        error = loader_exec(name, &args, replaced);
    if (error == 0)
        replaced = NULL;
    return error;
}

static int32_t call_wait(const uint32_t *arg)
{
    int pid;

    if (arg[1] & ~(uint32_t)WAIT_NOHANG)
        return -EINVAL;
    if (children == 0)
        return -ECHILD;
    if (arg[0] && !is_usable(arg[0], sizeof(int), true))
        return -EFAULT;
    pid = wait((int *)arg[0], (int)arg[1]);
    if (pid > 0)
        children--;
    return pid;
}

/* To Linux 0 and -1 are many processes, and the first one is nobody's to kill. */
static int32_t call_kill(const uint32_t *arg)
{
    if ((int)arg[0] <= 0)
        return -ESRCH;
    return arg[0] == 1 ? -EPERM : kill((int)arg[0]);
}

static int32_t call_getpid(const uint32_t *arg)
{
    (void)arg;
    return getpid();
}

static int32_t call_sleep(const uint32_t *arg)
{
    return sleep(arg[0]);
}

static int32_t call_uptime(const uint32_t *arg)
{
    (void)arg;
    return uptime() / TICK_MS * TICK_MS;
}

/* As if there were no slots: who asks goes on to the next one otherwise. */
static int32_t call_procinfo(const uint32_t *arg)
{
    if (!is_usable(arg[1], sizeof(struct procinfo), true))
        return -EFAULT;
    lacks("procinfo", "Linux tells it by files");
    return -EINVAL;
}

static int32_t call_newgroup(const uint32_t *arg)
{
    (void)arg;
    return newgroup();
}

static int32_t call_foreground(const uint32_t *arg)
{
    return (int)arg[0] < 0 ? -EINVAL : foreground((int)arg[0]);
}

static int32_t call_poweroff(const uint32_t *arg)
{
    if (arg[0] > 1)
        return -EINVAL;
    return lacks("poweroff", "the computer is not this program's");
}

/* ---- Memory ---- */

static int32_t call_sbrk(const uint32_t *arg)
{
    uint32_t old = program.heap_end, now = old + arg[0];
    int error = 0;

    if ((int32_t)arg[0] < 0) {
        if (-arg[0] > old - program.heap_start)
            return -EINVAL;
        if (page_round_up(now) < page_round_up(old))
            linux_call(NR_MUNMAP, page_round_up(now), page_round_up(old) - page_round_up(now));
    } else {
        if (arg[0] > HEAP_LIMIT - old)
            return -ENOMEM;
        error = pages_new(page_round_up(old), page_round_up(now));
    }
    if (error < 0)
        return -ENOMEM;
    program.heap_end = now;
    return (int32_t)old;
}

/* To the program its address space is the memory that there is. */
static int32_t call_meminfo(const uint32_t *arg)
{
    struct meminfo info = {.total_pages = STACK_TOP / PAGE_SIZE};
    uint32_t used = STACK_SIZE + page_round_up(program.heap_end) - program.heap_start;

    for (uint32_t i = 0; i < program.segments; i++)
        used += program.segment[i].end - program.segment[i].start;
    info.free_pages = info.total_pages - used / PAGE_SIZE;
    return give(arg[0], &info, sizeof(info));
}

static int32_t call_hold(const uint32_t *arg)
{
    (void)arg;
    return lacks("hold", "nobody else's memory is withheld");
}

/* ---- Files and pipes ---- */

static int32_t call_open(const uint32_t *arg)
{
    static const uint32_t all = O_READ | O_WRITE | O_CREATE | O_TRUNC | O_APPEND;
    char path[PATH_SIZE];
    const char *name;
    int n = fetch_path(path, &name, arg[0]);

    if (n < 0)
        return n;
    if (arg[1] & ~all || !(arg[1] & (O_READ | O_WRITE)))
        return -EINVAL;
    if (strcmp(name, "console") == 0) {
        n = open("/dev/tty", O_READ | O_WRITE);
        return n < 0 ? dup(2) : n;
    }
    return open(name, (int)arg[1]);
}

static int32_t call_close(const uint32_t *arg)
{
    return close((int)arg[0]);
}

/* As far as the program's memory goes; an address of no bytes means nothing. */
static int32_t call_read(const uint32_t *arg)
{
    uint32_t n = usable(arg[1], arg[2], true);

    if (arg[2] > INT32_MAX)
        return -EINVAL;
    return n == 0 && arg[2] > 0 ? -EFAULT
                                : read((int)arg[0], n ? (void *)arg[1] : program.name, n);
}

static int32_t call_write(const uint32_t *arg)
{
    uint32_t n = usable(arg[1], arg[2], false);

    if (arg[2] > INT32_MAX)
        return -EINVAL;
    return n == 0 && arg[2] > 0 ? -EFAULT
                                : write((int)arg[0], n ? (const void *)arg[1] : "", n);
}

static int32_t call_dup(const uint32_t *arg)
{
    return dup((int)arg[0]);
}

static int32_t call_pipe(const uint32_t *arg)
{
    return is_usable(arg[0], 2 * sizeof(int), true) ? pipe((int *)arg[0]) : -EFAULT;
}

static int32_t call_unlink(const uint32_t *arg)
{
    char path[PATH_SIZE];
    const char *name;
    int n = fetch_path(path, &name, arg[0]);

    return n < 0 ? n : unlink(name);
}

static int32_t call_readdir(const uint32_t *arg)
{
    struct fileinfo info;
    int error = readdir(arg[0], &info);

    return error < 0 ? error : give(arg[1], &info, sizeof(info));
}

static int32_t call_stat(const uint32_t *arg)
{
    struct fileinfo info;
    int error = stat((int)arg[0], &info);

    return error < 0 ? error : give(arg[1], &info, sizeof(info));
}

/* ---- From the number to the function, and from Linux's errors to mini's ---- */

static int32_t (*const calls[])(const uint32_t *arg) = {
#define SYSCALL(number, name) [number] = call_##name,
#include "mini/syscalls.def"
};

enum { CALLS = sizeof(calls) / sizeof(calls[0]) };

static const struct {
    uint8_t theirs, ours;
} errors[] = {
    {5, EINVAL},   /* EIO */
    {6, ENOENT},   /* ENXIO */
    {13, EPERM},   /* EACCES */
    {17, EINVAL},  /* EEXIST */
    {20, ENOENT},  /* ENOTDIR */
    {21, EINVAL},  /* EISDIR */
    {26, EROFS},   /* ETXTBSY */
    {29, EINVAL},  /* ESPIPE */
    {40, ENOENT},  /* ELOOP */
    {122, ENOSPC}, /* EDQUOT */
};

static int32_t own_error(int32_t result)
{
    for (uint32_t i = 0; i < sizeof(errors) / sizeof(errors[0]); i++)
        if (result == -(int32_t)errors[i].theirs)
            return -(int32_t)errors[i].ours;
    return result;
}

void loader_call(uint32_t *registers)
{
    uint32_t number = registers[REG_A7];
    int32_t result = -ENOSYS;

    replaced = registers;
    if (number < CALLS && calls[number])
        result = own_error(calls[number](&registers[REG_A0]));
    if (!replaced)
        return;
    registers[REG_A0] = (uint32_t)result;
    registers[REG_PC] += sizeof(uint32_t);
}
