/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * processes.c - fork, exit, wait, kill, and who becomes whose parent.
 */
#include "usertests.h"

static int fds[2];

static void nothing(void)
{
}

static void spin(void)
{
    for (;;)
        asm volatile("");
}

static void sleep_long(void)
{
    sleep(UINT32_MAX);
    CHECK(false);
}

void test_fork_wait(void)
{
    int me = getpid();

    for (int i = 0; i < 10; i++) {
        int status, pid = fork();

        CHECK(pid >= 0);
        if (pid == 0)
            exit(getpid() == me ? 100 : i);
        CHECK(pid > me);
        CHECK(wait(&status, 0) == pid);
        CHECK(status == i);
    }
}

static void exit_with_511(void)
{
    exit(511);
}

/* Eight bits of it; and it never looks like a kill. */
void test_exit_status(void)
{
    CHECK(run_child(nothing) == 0);
    CHECK(run_child(exit_with_511) == 255);
    start_child(exit_with_511);
    CHECK(wait(NULL, 0) > 0);
}

void test_wait_without_child(void)
{
    CHECK(wait(NULL, 0) == -ECHILD);
    CHECK(wait(NULL, WAIT_NOHANG) == -ECHILD);
    CHECK(wait(pointer((uint32_t)KERNEL), 0) == -ECHILD);
}

void test_wait_nohang(void)
{
    int pid = start_child(sleep_long);
    int status;

    CHECK(wait(&status, WAIT_NOHANG) == 0);
    CHECK(kill(pid) == 0);
    sleep(TICK_MS);
    CHECK(wait(&status, WAIT_NOHANG) == pid);
    CHECK(status == STATUS_KILLED);
}

void test_kill_errors(void)
{
    int pid = start_child(nothing);

    CHECK(kill(1) == -EPERM);
    CHECK(kill(0) == -ESRCH);
    CHECK(kill(-1) == -ESRCH);
    CHECK(kill(INT32_MAX) == -ESRCH);
    CHECK(wait_child(pid) == 0);
    CHECK(kill(pid) == -ESRCH);
}

static void kill_me(void)
{
    kill(getpid());
    CHECK(false);
}

void test_kill_self(void)
{
    check_killed(kill_me);
}

static void check_kill(void (*body)(void), bool let_it_start)
{
    int pid = start_child(body);

    if (let_it_start)
        sleep(TICK_MS);
    CHECK(kill(pid) == 0);
    CHECK(wait_child(pid) == STATUS_KILLED);
}

static void tell_and_spin(void)
{
    write(fds[1], "!", 1);
    spin();
}

static bool killed_within_a_tick(void)
{
    int pid, start;
    char c;

    pid = start_child(tell_and_spin);
    CHECK(read(fds[0], &c, 1) == 1);
    start = uptime();
    CHECK(kill(pid) == 0);
    CHECK(wait_child(pid) == STATUS_KILLED);
    return uptime() == start;
}

/*
 * A victim that runs on another CPU is brought in by an interrupt, and not by its next tick. On
 * a computer that is busy otherwise a tick may still come first, but not each time.
 */
void test_kill_spinning(void)
{
    int tries = 0;

    CHECK(pipe(fds) == 0);
    while (!killed_within_a_tick())
        CHECK(++tries < 100);
    check_kill(spin, false);
}

void test_kill_sleeping(void)
{
    check_kill(sleep_long, true);
    check_kill(sleep_long, false);
}

/* A parent that waits for a child; the child is then init's, and ends when the pipe does. */
static void wait_for_child(void)
{
    char c;

    close(fds[1]);
    if (fork() == 0) {
        read(fds[0], &c, 1);
        exit(0);
    }
    wait(NULL, 0);
    CHECK(false);
}

void test_kill_waiting(void)
{
    CHECK(pipe(fds) == 0);
    check_kill(wait_for_child, true);
    close(fds[1]);
    sleep(TICK_MS);
}

static int parent_of(int pid)
{
    struct procinfo info;
    int error;

    for (uint32_t slot = 0; (error = procinfo(slot, &info)) != -EINVAL; slot++)
        if (error == 0 && info.pid == pid)
            return info.parent;
    return 0;
}

/* A process whose child tells its pid, and lives on until the pipe closes. */
static int talk[2];

static void leave_orphan(void)
{
    int pid;
    char c;

    close(talk[1]);
    if (fork() == 0) {
        pid = getpid();
        write(fds[1], &pid, sizeof(pid));
        read(talk[0], &c, 1);
        exit(0);
    }
}

void test_orphan(void)
{
    int orphan;

    CHECK(pipe(fds) == 0);
    CHECK(pipe(talk) == 0);
    CHECK(run_child(leave_orphan) == 0);
    CHECK(read(fds[0], &orphan, sizeof(orphan)) == sizeof(orphan));
    CHECK(parent_of(orphan) == 1);
    CHECK(wait(NULL, 0) == -ECHILD);
    close(talk[1]);
    sleep(TICK_MS);
    CHECK(parent_of(orphan) == 0);
}

/* A zombie whose parent ends without reaping it: init does. */
static void leave_zombie(void)
{
    if (fork() == 0)
        exit(0);
    sleep(TICK_MS);
}

void test_zombie_orphan(void)
{
    CHECK(run_child(leave_zombie) == 0);
    sleep(TICK_MS);
}

static void wait_for_pipe(void)
{
    char c;

    close(fds[1]);
    read(fds[0], &c, 1);
}

void test_process_limit(void)
{
    int forked = 0, pid;
    uint32_t left;

    CHECK(pipe(fds) == 0);
    while ((pid = fork()) > 0)
        forked++;
    if (pid == 0) {
        wait_for_pipe();
        exit(0);
    }
    left = free_pages();
    close(fds[1]);
    for (int i = 0; i < forked; i++)
        CHECK(wait(NULL, 0) > 0);
    CHECK(pid == -EAGAIN || (pid == -ENOMEM && left < 16));
    CHECK(forked > MAX_PROCESSES / 4 && forked < MAX_PROCESSES);
    CHECK(run_child(nothing) == 0);
}

void test_process_info(void)
{
    struct procinfo info;
    int used = 0, error;

    for (uint32_t slot = 0; (error = procinfo(slot, &info)) != -EINVAL; slot++) {
        CHECK(error == 0 || error == -ENOENT);
        used += error == 0;
        if (error < 0 || info.pid != getpid())
            continue;
        CHECK(strcmp(info.name, "usertests") == 0);
        CHECK(info.state == STATE_RUNNING);
        CHECK(info.pages >= 4 && info.pages < 40);
    }
    CHECK(used >= 2);
}

static int group_of_me(void)
{
    struct procinfo info;

    for (uint32_t slot = 0; procinfo(slot, &info) != -EINVAL; slot++)
        if (info.pid == getpid())
            return info.group;
    return 0;
}

static void check_inherited(void)
{
    int inherited = group_of_me();

    CHECK(inherited != getpid());
    CHECK(newgroup() == getpid());
    CHECK(group_of_me() == getpid());
}

void test_groups(void)
{
    CHECK(newgroup() == getpid());
    CHECK(run_child(check_inherited) == 0);
    CHECK(group_of_me() == getpid());
    CHECK(foreground(0) == 0);
}
