/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sys.c - the common calls (common/sys.h) as messages to servers. Bytes go through the letter. What
 * a kernel would check about a pointer is checked here, by what this program knows of itself:
 * servers never touch a program's memory but the letter.
 */
#include "common/sys.h"

#include <stdbool.h>

#include "ipc.h"
#include "micro/proto.h"
#include "string.h"

extern char data_start[], image_end[];
void fault_entry(void); /* crt0.S */
void fault_dispatch(void *address);
int touch_pages(void *first, void *last); /* crt0.S */
void touch_failed(void);

static char *const my_letter = (char *)LETTER;
static uint32_t heap_end;
static void (*fault_handler)(void *address);

/* A server that died while it worked for us is started again: so ask again, once. */
static int32_t call(uint32_t slot, struct message *m)
{
    struct message again = *m;
    int32_t error = ipc_call(m, slot);

    if (error == -EINTR) {
        *m = again;
        error = ipc_call(m, slot);
    }
    return error < 0 ? error : (int32_t)m->word[0];
}

static int32_t ask(uint32_t slot, uint32_t label, uint32_t w0, uint32_t w1)
{
    struct message m = {.tag = label, .word = {w0, w1}};

    return call(slot, &m);
}

static uint32_t end_of_heap(void)
{
    if (heap_end == 0)
        heap_end = (uint32_t)ask(P_MEM, MEM_SBRK, 0, 0);
    return (heap_end + PAGE_BYTES - 1) & ~(uint32_t)(PAGE_BYTES - 1);
}

/* How many bytes from here on are ours to read, or to write. */
static uint32_t usable(const void *p, bool write)
{
    uint32_t va = (uint32_t)p, end = end_of_heap();

    if (va >= STACK_BASE && va < STACK_TOP)
        return STACK_TOP - va;
    if (va >= end || (write && va < (uint32_t)data_start))
        return 0;
    return end - va;
}

static bool is_good(const void *p, uint32_t n, bool write)
{
    return n == 0 || usable(p, write) >= n;
}

/* A string into the letter; size is what there is room for, with its zero. */
static int32_t put_string(char *to, const char *s, uint32_t size)
{
    uint32_t room = usable(s, false);

    for (uint32_t i = 0;; i++) {
        if (i >= room)
            return -EFAULT;
        if (i >= size)
            return -ENAMETOOLONG;
        to[i] = s[i];
        if (!s[i])
            return (int32_t)(i + 1);
    }
}

void exit(int status)
{
    ask(P_PROC, PROC_EXIT, (uint32_t)status, 0);
    for (;;)
        ;
}

int fork(void)
{
    return ask(P_PROC, PROC_FORK, 0, 0);
}

int exec(const char *path, char *const argv[])
{
    char name[NAME_SIZE];
    int32_t n = put_string(name, path, NAME_SIZE);
    uint32_t used = 0, count = 0;

    if (n < 0)
        return n;
    for (;; count++) {
        if (!is_good(&argv[count], sizeof(argv[0]), false))
            return -EFAULT;
        if (!argv[count])
            break;
        if (count == MAX_ARGS)
            return -E2BIG;
        n = put_string(my_letter + ARGS_AT + used, argv[count], ARGS_SIZE - used);
        if (n < 0)
            return n == -ENAMETOOLONG ? -E2BIG : n;
        used += (uint32_t)n;
    }
    memcpy(my_letter, name + (name[0] == '/'), sizeof(name) - 1);
    return ask(P_PROC, PROC_EXEC, count, used);
}

int wait(int *status, int flags)
{
    bool good = !status || is_good(status, sizeof(*status), true);
    struct message m = {.tag = PROC_WAIT, .word = {(uint32_t)flags | (good ? 0 : WAIT_PEEK)}};
    int32_t result;

    if (flags & ~WAIT_NOHANG)
        return -EINVAL;
    result = call(P_PROC, &m);
    if (result > 0 && status)
        *status = (int)m.word[1];
    return result;
}

int kill(int pid)
{
    return ask(P_PROC, PROC_KILL, (uint32_t)pid, 0);
}

int getpid(void)
{
    return ask(P_PROC, PROC_GETPID, 0, 0);
}

int sleep(uint32_t ms)
{
    return ask(P_PROC, PROC_SLEEP, ms, 0);
}

int uptime(void)
{
    return ask(P_PROC, PROC_UPTIME, 0, 0);
}

int newgroup(void)
{
    return ask(P_PROC, PROC_NEWGROUP, 0, 0);
}

int foreground(int group)
{
    return ask(P_PROC, PROC_FOREGROUND, (uint32_t)group, 0);
}

int poweroff(int failed)
{
    return ask(P_PROC, PROC_POWEROFF, (uint32_t)failed, 0);
}

/* A call whose answer lies in the letter. */
static int32_t fetch(uint32_t label, uint32_t argument, void *to, uint32_t n)
{
    int32_t result;

    if (!is_good(to, n, true))
        return -EFAULT;
    result = ask(P_PROC, label, argument, 0);
    if (result >= 0)
        memcpy(to, my_letter, n);
    return result;
}

int procinfo(uint32_t slot, struct procinfo *info)
{
    return fetch(PROC_INFO, slot, info, sizeof(*info));
}

int readdir(uint32_t slot, struct fileinfo *info)
{
    return fetch(PROC_READDIR, slot, info, sizeof(*info));
}

int stat(int fd, struct fileinfo *info)
{
    return fetch(PROC_STAT, (uint32_t)fd, info, sizeof(*info));
}

void *sbrk(int n)
{
    int32_t old = ask(P_MEM, MEM_SBRK, (uint32_t)n, 0);

    if ((uint32_t)old < (uint32_t)-4096)
        heap_end = (uint32_t)old + (uint32_t)n;
    return (void *)old;
}

int meminfo(struct meminfo *info)
{
    struct message m = {.tag = MEM_INFO};
    int32_t error;

    if (!is_good(info, sizeof(*info), true))
        return -EFAULT;
    error = call(P_MEM, &m);
    if (error == 0)
        *info = (struct meminfo){.total_pages = m.word[1], .free_pages = m.word[2]};
    return error;
}

int hold(uint32_t pages)
{
    return ask(P_MEM, MEM_HOLD, pages, 0);
}

int open(const char *path, int flags)
{
    int32_t n = put_string(my_letter, path, NAME_SIZE);

    return n < 0 ? n : ask(P_PROC, PROC_OPEN, (uint32_t)flags, 0);
}

int unlink(const char *path)
{
    int32_t n = put_string(my_letter, path, NAME_SIZE);

    return n < 0 ? n : ask(P_PROC, PROC_UNLINK, 0, 0);
}

int close(int fd)
{
    return ask(P_PROC, PROC_CLOSE, (uint32_t)fd, 0);
}

/* Before anything is read that could not be put there. The pager is told once what this is. */
static bool has_memory(char *to, uint32_t n)
{
    static bool told;

    if (n == 0)
        return true;
    if (!told)
        ask(P_MEM, MEM_ON_SHORT, (uint32_t)touch_pages,
            (uint32_t)touch_failed - (uint32_t)touch_pages);
    told = true;
    return touch_pages(to, to + n - 1) == 0;
}

/* A letter at most: who wants more reads again. */
static int32_t read_some(int fd, char *to, uint32_t n)
{
    uint32_t part = n < PAGE_BYTES ? n : PAGE_BYTES;
    int32_t got = has_memory(to, part) ? ask(P_PROC, PROC_READ, (uint32_t)fd, part) : -ENOMEM;

    if (got > 0)
        memcpy(to, my_letter, (uint32_t)got);
    return got;
}

int read(int fd, void *buffer, uint32_t n)
{
    uint32_t done = 0;

    if (n > INT32_MAX)
        return -EINVAL;
    if (!is_good(buffer, n, true))
        return -EFAULT;
    do {
        int32_t got = read_some(fd, (char *)buffer + done, n - done);

        if (got < 0)
            return done ? (int)done : got;
        done += (uint32_t)got;
        if (got != PAGE_BYTES)
            break;
    } while (done < n);
    return (int)done;
}

static int32_t write_some(int fd, const char *from, uint32_t n)
{
    uint32_t part = n < PAGE_BYTES ? n : PAGE_BYTES;

    memcpy(my_letter, from, part);
    return ask(P_PROC, PROC_WRITE, (uint32_t)fd, part);
}

/* As far as the memory is ours. */
int write(int fd, const void *buffer, uint32_t n)
{
    uint32_t there = usable(buffer, false);
    uint32_t done = 0;

    if (n > INT32_MAX)
        return -EINVAL;
    if (n > 0 && there == 0)
        return -EFAULT;
    n = n < there ? n : there;
    do {
        int32_t put = write_some(fd, (const char *)buffer + done, n - done);

        if (put < 0)
            return done ? (int)done : put;
        done += (uint32_t)put;
        if (put != PAGE_BYTES)
            break;
    } while (done < n);
    return (int)done;
}

int dup(int fd)
{
    return ask(P_PROC, PROC_DUP, (uint32_t)fd, 0);
}

int pipe(int fds[2])
{
    struct message m = {.tag = PROC_PIPE};
    int32_t first;

    if (!is_good(fds, 2 * sizeof(fds[0]), true))
        return -EFAULT;
    first = call(P_PROC, &m);
    if (first < 0)
        return first;
    fds[0] = first;
    fds[1] = (int)m.word[1];
    return 0;
}

/* Programs may read the time; how fast it goes, only the servers have been told. */
int clock(struct clockinfo *info)
{
    int32_t rate = ask(P_PROC, PROC_TIMEBASE, 0, 0);

    info->per_second = (uint32_t)rate;
    info->now = read_time();
    return 0;
}

int protect(void *start, uint32_t pages, int rights)
{
    struct message m = {.tag = MEM_PROTECT, .word = {(uint32_t)start, pages, (uint32_t)rights}};

    return call(P_MEM, &m);
}

void fault_dispatch(void *address)
{
    fault_handler(address);
}

int on_fault(void (*handler)(void *address))
{
    fault_handler = handler;
    return ask(P_MEM, MEM_ON_FAULT, handler ? (uint32_t)fault_entry : 0, 0);
}

int crash(const char *part)
{
    struct message m = {.tag = ROOT_CRASH};

    copy_name((char *)m.word, part, sizeof(m.word));
    return ipc_call(&m, P_ROOT) < 0 ? -EINTR : (int)m.word[0];
}

int part(uint32_t slot, char name[NAME_SIZE])
{
    struct message m = {.tag = ROOT_PART, .word = {slot}};
    int32_t error = ipc_call(&m, P_ROOT);

    if (error < 0 || m.tag != 0)
        return error < 0 ? error : -EINVAL;
    copy_name(name, (char *)m.word, NAME_SIZE);
    return 0;
}
