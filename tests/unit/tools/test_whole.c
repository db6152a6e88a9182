/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_whole.c - a file is replaced as a whole: the process that does it is killed before each of
 * its system calls in turn (of equal ones in a row, before the first), and each time the old
 * contents are there, or the new ones. And in order: the disk has the new contents before they get
 * the name, and then it gets the name.
 */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sys/ptrace.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "tests/support/suite.h"
#include "tools/snapshot/whole.h"

#define OLD_LEN 50000u
#define NEW_LEN 70000u
#define CALLS_MOST 256u

static char directory[64], path[96];

static void write_new(void)
{
    static char bytes[NEW_LEN];
    struct problem problem;
    struct whole whole;
    uint64_t len;
    enum pz_err err = whole_open(&whole, path, &problem);

    memset(bytes, 'n', sizeof bytes);
    if (!err && fwrite(bytes, sizeof bytes, 1, whole.file) != 1)
        err = whole_failed(&whole, &problem);
    err = whole_close(&whole, err, &len, &problem);
    _exit(err || len != NEW_LEN);
}

static void write_old(void)
{
    FILE *file = fopen(path, "we");

    ck_assert_ptr_nonnull(file);
    for (unsigned i = 0; i < OLD_LEN; i++)
        ck_assert_int_eq(putc('o', file), 'o');
    ck_assert(!fclose(file));
}

/* 'o' or 'n'. */
static int look(void)
{
    FILE *file = fopen(path, "re");
    int first, c;
    unsigned len = 1;

    ck_assert_ptr_nonnull(file);
    first = getc(file);
    for (; (c = getc(file)) != EOF; len++)
        ck_assert_int_eq(c, first);
    fclose(file);
    ck_assert_uint_eq(len, first == 'o' ? OLD_LEN : NEW_LEN);
    return first;
}

/* The number of the call that a stopped process is about to make; -1: of none. */
static long call_of(pid_t pid)
{
    struct __ptrace_syscall_info info;
    void *size = (void *)sizeof info;

    if (ptrace(PTRACE_GET_SYSCALL_INFO, pid, size, &info) <= 0 ||
        info.op != PTRACE_SYSCALL_INFO_ENTRY)
        return -1;
    return (long)info.entry.nr;
}

static pid_t begin(void)
{
    pid_t pid = fork();
    int status;

    if (!pid) {
        ptrace(PTRACE_TRACEME, 0, NULL, NULL);
        (void)raise(SIGSTOP);
        write_new();
    }
    ck_assert_int_eq(waitpid(pid, &status, 0), pid);
    ck_assert(WIFSTOPPED(status));
    ck_assert(!ptrace(PTRACE_SETOPTIONS, pid, NULL,
                      (void *)(PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL)));
    return pid;
}

/* Its system calls, up to number `most`, before which it is killed. How many there were. */
static unsigned replace(unsigned most, long calls[CALLS_MOST])
{
    pid_t pid = begin();
    unsigned count = 0;
    int status;

    for (;;) {
        ck_assert(!ptrace(PTRACE_SYSCALL, pid, NULL, NULL));
        ck_assert_int_eq(waitpid(pid, &status, 0), pid);
        if (WIFEXITED(status))
            break;
        ck_assert(WIFSTOPPED(status) && count < CALLS_MOST);
        if (call_of(pid) < 0)
            continue;
        if (count == most) {
            kill(pid, SIGKILL);
            ck_assert_int_eq(waitpid(pid, &status, 0), pid);
            return count;
        }
        calls[count++] = call_of(pid);
    }
    ck_assert_int_eq(WEXITSTATUS(status), 0);
    return count;
}

/* In memory if the host has such a file system: fsync() waits for a disk, and a disk is no part of
   what is tested. */
static void set_up(void)
{
    snprintf(directory, sizeof directory, "%s/pz-whole-XXXXXX",
             access("/dev/shm", W_OK) ? "/tmp" : "/dev/shm");
    ck_assert_ptr_nonnull(mkdtemp(directory));
    snprintf(path, sizeof path, "%s/file", directory);
}

static void remove_all(void)
{
    char command[96];

    snprintf(command, sizeof command, "rm -rf %s", directory);
    ck_assert(!system(command));
}

START_TEST(whoever_is_killed_leaves_the_old_or_the_new)
{
    long calls[CALLS_MOST], before[CALLS_MOST];
    unsigned all, old = 0, killed = 0;

    set_up();
    write_old();
    all = replace(CALLS_MOST, calls);
    ck_assert_int_eq(look(), 'n');
    ck_assert_uint_gt(all, 5);
    for (unsigned most = 0; most < all; most++) {
        if (most && calls[most] == calls[most - 1])
            continue; /* one of several equal ones in a row */
        write_old();
        ck_assert_uint_eq(replace(most, before), most);
        old += look() == 'o';
        killed++;
    }
    ck_assert(old && old < killed);
    remove_all();
}
END_TEST

/* Where `call` is next, from `at` on. */
static unsigned find(const long calls[CALLS_MOST], unsigned all, unsigned at, long call)
{
    while (at < all && calls[at] != call)
        at++;
    ck_assert_msg(at < all, "no call %ld", call);
    return at;
}

START_TEST(the_disk_has_it_before_the_name)
{
    long calls[CALLS_MOST];
    unsigned all, at;
    struct stat about;

    set_up();
    all = replace(CALLS_MOST, calls);
    at = find(calls, all, 0, SYS_fsync);
    at = find(calls, all, at, SYS_rename);
    (void)find(calls, all, at, SYS_fsync); /* of the directory */
    ck_assert(!stat(path, &about));
    ck_assert_uint_eq(about.st_mode & 0777, 0600);
    remove_all();
}
END_TEST

SUITE_MAIN("whole", whoever_is_killed_leaves_the_old_or_the_new,
           the_disk_has_it_before_the_name)
