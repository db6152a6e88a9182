/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * abi.c - abi: the calls of Linux, one after the other, by a program that makes them itself, and
 * what comes of each: a line that is the same on Linux and wherever its calls are translated.
 */
#include "user.h"

int linux_call(int number, ...);

enum {
    AT_FDCWD = -100,
    READ_WRITE_CREATE = 0x42,
    CLOEXEC = 0x80000,
    PROT = 3,
    PRIVATE_ANONYMOUS = 0x22,
    SIGCHLD = 17,
    SIGTERM = 15,
    WEXITED = 4,
    SIZE = 40960,
};

static uint32_t page[1024];

static void say(const char *what, int result)
{
    printf("%s: %d\n", what, result);
}

static void memory(void)
{
    uint32_t old = (uint32_t)linux_call(214, 0);
    char *p = (char *)linux_call(222, 0, SIZE, PROT, PRIVATE_ANONYMOUS, -1, 0);

    say("brk",
        (uint32_t)linux_call(214, old + 8192) == old + 8192 && *(volatile char *)old == 0);
    say("mmap2", !is_error(p) && p[SIZE - 1] == 0);
    p[0] = p[SIZE - 1] = 7;
    say("munmap", linux_call(215, p + 4096, 8192));
    say("the rest", p[0] + p[SIZE - 1]);
    say("munmap of no page", linux_call(215, p + 1, 4096));
    say("mmap2 of nothing", linux_call(222, 0, 0, PROT, PRIVATE_ANONYMOUS, -1, 0));
}

static void vectors(int fd)
{
    const struct {
        const void *at;
        uint32_t n;
    } three[] = {{"one ", 4}, {NULL, 0}, {"two\n", 4}};
    uint32_t where[2] = {9, 9};

    say("writev", linux_call(66, fd, three, 3));
    say("llseek", linux_call(62, fd, 0, 4, where, 0));
    say("where", (int)(where[0] + where[1]));
    say("read", linux_call(63, fd, page, 100));
    say("pread64", linux_call(67, fd, page, 2, 1, 0));
    say("its text", memcmp(page, "ne", 2));
    say("llseek to before", linux_call(62, fd, -1, -9, where, 0));
}

static void files(void)
{
    int fd = linux_call(56, AT_FDCWD, "abi.tmp", READ_WRITE_CREATE | CLOEXEC, 0600), ends[2];

    say("openat", fd);
    say("openat, exclusive",
        linux_call(56, AT_FDCWD, "abi.tmp", READ_WRITE_CREATE | 0x80, 0600));
    vectors(fd);
    say("fcntl64 GETFD", linux_call(25, fd, 1));
    say("dup3", linux_call(24, fd, 9, 0));
    say("dup3 to itself", linux_call(24, fd, fd, 0));
    say("fcntl64 DUPFD", linux_call(25, fd, 0, 7));
    say("close", linux_call(57, 9) + linux_call(57, 7));
    say("close again", linux_call(57, 9));
    say("statx", linux_call(291, fd, "", 0x1000, 0x7ff, page));
    say("its size", (int)page[10]);
    say("faccessat", linux_call(48, AT_FDCWD, "abi.tmp", 0));
    say("readlinkat", linux_call(78, AT_FDCWD, "abi.tmp", page, 100));
    say("openat as a directory", linux_call(56, AT_FDCWD, "abi.tmp", 0x10000, 0));
    say("chdir to a file", linux_call(49, "abi.tmp"));
    say("unlinkat", linux_call(35, AT_FDCWD, "abi.tmp", 0));
    say("faccessat of nothing", linux_call(48, AT_FDCWD, "abi.tmp", 0));
    say("write to it", linux_call(64, fd, "x", 1));
    say("getdents64 of a file", linux_call(61, fd, page, 1024));
    say("pipe2", linux_call(59, ends, 0));
    say("llseek in a pipe", linux_call(62, ends[0], 0, 0, page, 0));
    say("write", linux_call(64, ends[1], "pipe", 4));
    say("read", linux_call(63, ends[0], page, 100));
    say("ioctl TCGETS", linux_call(29, ends[0], 0x5401, page));
    say("write with a bad pointer", linux_call(64, fd, (void *)0xc0000000, 1));
}

static int wait_pid(int pid)
{
    page[3] = page[5] = 0;
    return linux_call(95, 1, pid, page, WEXITED, 0) == 0 && (int)page[3] == pid;
}

static void processes(void)
{
    int first = linux_call(220, SIGCHLD, 0, 0, 0, 0), second;

    if (first == 0)
        exit(7);
    second = linux_call(220, SIGCHLD, 0, 0, 0, 0);
    if (second == 0)
        for (;;)
            sleep(1000);
    say("kill 0", linux_call(129, second, 0));
    say("kill", linux_call(129, second, SIGTERM));
    say("waitid", wait_pid(second));
    say("its signal", (int)page[2]);
    say("waitid", wait_pid(first));
    say("its status", (int)page[5]);
    say("waitid without children", linux_call(95, 0, 0, page, WEXITED, 0));
    say("kill nobody", linux_call(129, first, 0));
    say("execve of nothing", linux_call(221, "nothing", page, page));
}

static void itself(void)
{
    uint32_t old[4], set[2] = {1 << 9, 0}, action[4] = {1, 0, 0, 0};

    say("getcwd", linux_call(17, page, 1));
    say("uname", linux_call(160, page));
    say("its name", memcmp(page, "Linux", 6));
    say("getpid and gettid", linux_call(172) - linux_call(178));
    say("set_tid_address", linux_call(96, page) - linux_call(172));
    say("rt_sigprocmask", linux_call(135, 0, set, NULL, 8));
    say("rt_sigprocmask", linux_call(135, 2, NULL, old, 8));
    say("the mask", (int)old[0]);
    say("rt_sigaction", linux_call(134, 10, action, NULL, 8));
    say("rt_sigaction", linux_call(134, 10, NULL, old, 8));
    say("the action", (int)old[0]);
    say("ignored", linux_call(129, linux_call(172), 10));
    say("clock_gettime64", linux_call(403, 1, page));
    say("clock_nanosleep_time64", linux_call(407, 1, 0, (uint32_t[]){0, 0, 1000000, 0}, 0));
    say("prlimit64", linux_call(261, 0, 7, NULL, page));
    say("futex_time64", linux_call(422, page, 1, 1, NULL, NULL, 0));
}

/* With an argument: a call that no Linux has. */
int main(int argc, char **argv)
{
    (void)argv;
    if (argc > 1) {
        say("call 999", linux_call(999));
        say("call 999", linux_call(999));
        return 0;
    }
    memory();
    files();
    processes();
    itself();
    return 0;
}
