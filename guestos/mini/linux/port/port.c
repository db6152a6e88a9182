/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * port.c - the common programs' calls by those of Linux on riscv32: the same programs, as programs
 * for Linux. hold(), procinfo(), meminfo(), protect() and crash() are lacking. mini's
 * loader (mini/loader) makes the calls of mini's programs by them.
 */
#include "common/sys.h"
#include "string.h"

enum {
    NR_DUP = 23,
    NR_FCNTL = 25,
    NR_IOCTL = 29,
    NR_UNLINKAT = 35,
    NR_OPENAT = 56,
    NR_CLOSE = 57,
    NR_PIPE2 = 59,
    NR_GETDENTS64 = 61,
    NR_READ = 63,
    NR_WRITE = 64,
    NR_EXIT_GROUP = 94,
    NR_WAITID = 95,
    NR_KILL = 129,
    NR_REBOOT = 142,
    NR_SETPGID = 154,
    NR_GETPGID = 155,
    NR_GETPID = 172,
    NR_BRK = 214,
    NR_CLONE = 220,
    NR_EXECVE = 221,
    NR_STATX = 291,
    NR_CLOCK_GETTIME64 = 403,
    NR_CLOCK_NANOSLEEP_TIME64 = 407,
    AT_FDCWD = -100,
    SIGCHLD = 17,
    SIGKILL = 9,
    WNOHANG = 1,
    WEXITED = 4,
    CLD_EXITED = 1,
    EMPTY_PATH = 0x1000,
    STATX_BASIC = 0x7ff,
    TIOCSPGRP = 0x5410,
    PER_SECOND = 1000,
};

int linux_call(int number, ...); /* crt0.S */
int main(int argc, char **argv);
_Noreturn void port_start(uint32_t *sp);

static char **environment;

_Noreturn void exit(int status)
{
    for (;;)
        linux_call(NR_EXIT_GROUP, status);
}

_Noreturn void port_start(uint32_t *sp)
{
    char **argv = (char **)(void *)(sp + 1);

    environment = argv + sp[0] + 1;
    exit(main((int)sp[0], argv));
}

int fork(void)
{
    return linux_call(NR_CLONE, SIGCHLD, 0, 0, 0, 0);
}

int exec(const char *path, char *const argv[])
{
    return linux_call(NR_EXECVE, path, argv, environment);
}

int wait(int *status, int flags)
{
    int32_t info[32] = {0};
    int options = WEXITED | (flags & WAIT_NOHANG ? WNOHANG : 0);
    int error = linux_call(NR_WAITID, 0, 0, info, options, 0);

    if (error < 0)
        return error;
    if (status)
        *status = info[2] == CLD_EXITED ? info[5] : STATUS_KILLED;
    return info[3];
}

int kill(int pid)
{
    return linux_call(NR_KILL, pid, SIGKILL);
}

int getpid(void)
{
    return linux_call(NR_GETPID);
}

int procinfo(uint32_t slot, struct procinfo *info)
{
    (void)slot, (void)info;
    return -ENOSYS;
}

int newgroup(void)
{
    int error = linux_call(NR_SETPGID, 0, 0);

    return error < 0 ? error : getpid();
}

/* Of a terminal, if descriptor 2 is one. Nobody: the caller's own group again. */
int foreground(int group)
{
    if (group == 0)
        group = linux_call(NR_GETPGID, 0);
    linux_call(NR_IOCTL, 2, TIOCSPGRP, &group);
    return 0;
}

/* As root on a computer of its own; elsewhere it is not allowed, or not there. */
int poweroff(int failed)
{
    (void)failed;
    return linux_call(NR_REBOOT, 0xfee1dead, 672274793, 0x4321fedc, 0);
}

void *sbrk(int n)
{
    uint32_t old = (uint32_t)linux_call(NR_BRK, 0);
    uint32_t wanted = old + (uint32_t)n;

    if ((uint32_t)linux_call(NR_BRK, wanted) != wanted)
        return (void *)-ENOMEM;
    return (void *)old;
}

int meminfo(struct meminfo *info)
{
    (void)info;
    return -ENOSYS;
}

int hold(uint32_t pages)
{
    (void)pages;
    return -ENOSYS;
}

int open(const char *path, int flags)
{
    static const uint8_t modes[] = {0, 0, 1, 2};
    int theirs = modes[flags & (O_READ | O_WRITE)] | (flags & O_CREATE ? 0x40 : 0) |
                 (flags & O_TRUNC ? 0x200 : 0) | (flags & O_APPEND ? 0x400 : 0);

    return linux_call(NR_OPENAT, AT_FDCWD, path, theirs, 0755);
}

int close(int fd)
{
    return linux_call(NR_CLOSE, fd);
}

int read(int fd, void *buffer, uint32_t n)
{
    return linux_call(NR_READ, fd, buffer, n);
}

int write(int fd, const void *buffer, uint32_t n)
{
    return linux_call(NR_WRITE, fd, buffer, n);
}

int dup(int fd)
{
    return linux_call(NR_DUP, fd);
}

int pipe(int fds[2])
{
    return linux_call(NR_PIPE2, fds, 0);
}

int unlink(const char *path)
{
    return linux_call(NR_UNLINKAT, AT_FDCWD, path, 0);
}

/* Of struct statx: the mode is at 28, the size at 40. A descriptor does not say its name. */
static int get_info(int fd, const char *path, struct fileinfo *info)
{
    union {
        uint32_t word[64];
        uint16_t half[128];
    } st;
    int error = linux_call(NR_STATX, fd, path, *path ? 0 : EMPTY_PATH, STATX_BASIC, &st);
    uint32_t kind = st.half[14] >> 12;

    if (error < 0)
        return error;
    *info = (struct fileinfo){.size = st.word[10], .read_only = !(st.half[14] & 0200)};
    info->kind = kind == 2 ? KIND_CONSOLE : kind == 1 ? KIND_PIPE : KIND_FILE;
    copy_name(info->name, path, NAME_SIZE);
    return 0;
}

int stat(int fd, struct fileinfo *info)
{
    return get_info(fd, "", info);
}

/* Read from the beginning each time: directories here are small. */
int readdir(uint32_t slot, struct fileinfo *info)
{
    int fd = linux_call(NR_OPENAT, AT_FDCWD, ".", 0, 0), n, error = -EINVAL;
    uint8_t buffer[512];
    uint32_t i = 0;

    while (fd >= 0 && error == -EINVAL && (n = linux_call(NR_GETDENTS64, fd, buffer, 512)) > 0)
        for (int at = 0; at < n && error == -EINVAL;
             at += buffer[at + 16] | buffer[at + 17] << 8)
            if (i++ == slot)
                error = get_info(AT_FDCWD, (char *)buffer + at + 19, info);
    close(fd);
    return error;
}

static uint32_t milliseconds(void)
{
    uint32_t time[4];

    linux_call(NR_CLOCK_GETTIME64, 1, time);
    return time[0] * 1000 + time[2] / 1000000;
}

int sleep(uint32_t ms)
{
    const uint32_t time[4] = {ms / 1000, 0, ms % 1000 * 1000000, 0};

    return linux_call(NR_CLOCK_NANOSLEEP_TIME64, 1, 0, time, 0);
}

int uptime(void)
{
    return (int)(milliseconds() & INT32_MAX);
}

int clock(struct clockinfo *info)
{
    info->now = milliseconds();
    info->per_second = PER_SECOND;
    return 0;
}

int protect(void *start, uint32_t pages, int rights)
{
    (void)start, (void)pages, (void)rights;
    return -ENOSYS;
}

int on_fault(void (*handler)(void *address))
{
    (void)handler;
    return -ENOSYS;
}

int crash(const char *part)
{
    (void)part;
    return -ENOSYS;
}

int part(uint32_t slot, char name[NAME_SIZE])
{
    (void)slot, (void)name;
    return -ENOSYS;
}
