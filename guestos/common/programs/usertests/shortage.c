/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * shortage.c - what happens when memory runs out: calls fail with -ENOMEM, a program that
 * touches a page which is not to be had is killed, and all of it comes back. hold() makes
 * memory scarce, so that these tests cost the same on any size of machine.
 */
#include "usertests.h"

enum {
    FEW = 24,
    MORE = 64,
    FORK_PAGES = 4, /* a kernel stack, a root table, a table for text and one for the stack */
};

static char *memory;
static int fds[2];

static void nothing(void)
{
}

void test_hold_limits(void)
{
    uint32_t before = free_pages();

    CHECK(hold(before + 1) == -ENOMEM);
    CHECK(hold(100) == 0);
    CHECK(free_pages() == before - 100);
    CHECK(hold(before - 5) == 0);
    CHECK(free_pages() == 5);
    CHECK(hold(0) == 0);
    CHECK(free_pages() == before);
}

/* sbrk promised the pages when there were enough. */
static void touch_all(void)
{
    leave_pages(FEW);
    for (int i = 0; i < MORE; i++)
        memory[i * PAGE] = 1;
    CHECK(false);
}

void test_short_touch(void)
{
    memory = grow(MORE);
    check_killed(touch_all);
    memory[0] = 1;
    CHECK(run_child(nothing) == 0);
}

/* Each frame is a page; the pointer keeps this from becoming a loop. */
static int recurse(int depth, volatile char *above)
{
    volatile char frame[PAGE];

    frame[0] = 1;
    above[0]++;
    return depth == 0 ? 0 : recurse(depth - 1, frame) + 1;
}

static void grow_stack(void)
{
    volatile char top = 0;

    leave_pages(2);
    recurse(10, &top);
    CHECK(false);
}

void test_short_stack(void)
{
    check_killed(grow_stack);
}

static uint32_t pages_for_fork;

static void fork_when_short(void)
{
    int pid;

    leave_pages(pages_for_fork);
    pid = fork();
    exit(pid < 0 ? -pid : 0);
}

/*
 * With too few pages one of fork's own allocations fails, each in its turn. With just enough
 * the fork works, but then parent or child cannot copy the page it writes to, and is killed.
 */
void test_short_fork(void)
{
    for (pages_for_fork = 0; pages_for_fork < FORK_PAGES; pages_for_fork++)
        CHECK(run_child(fork_when_short) == ENOMEM);
    for (; pages_for_fork < FORK_PAGES + 4; pages_for_fork++) {
        int status = run_child(fork_when_short);

        CHECK(status == 0 || status == STATUS_KILLED);
        sleep(TICK_MS); /* init reaps the grandchild */
    }
}

static void fork_until_short(void)
{
    leave_pages(MORE);
    while (fork() > 0)
        ;
}

/* Children come and go while memory runs out. */
void test_short_many_forks(void)
{
    int status = run_child(fork_until_short);

    CHECK(status == 0 || status == STATUS_KILLED);
    sleep(5 * TICK_MS);
}

/* The old program goes on as long as the new one cannot be loaded in full. */
void test_short_exec(void)
{
    char *argv[] = {"echo", NULL};

    for (uint32_t n = 0; n < 6; n++) {
        leave_pages(n);
        CHECK(exec("echo", argv) == -ENOMEM);
    }
}

void test_short_pipe(void)
{
    fds[0] = -1; /* the page that fds is in becomes our own, while there are some */
    leave_pages(1);
    CHECK(pipe(fds) == 0);
    close(fds[0]);
    close(fds[1]);
    leave_pages(0);
    CHECK(pipe(fds) == -ENOMEM);
}

/* A file keeps what was written before memory ran out. */
void test_short_file(void)
{
    int fd = open("scratch", O_WRITE | O_CREATE);

    memory = grow(4);
    memset(memory, 1, 4 * PAGE);
    leave_pages(3);
    CHECK(write(fd, memory, 4 * PAGE) == 2 * PAGE);
    CHECK(write(fd, memory, 1) == -ENOMEM);
    close(fd);
    fd = open("scratch", O_READ);
    CHECK(read(fd, memory, 4 * PAGE) == 2 * PAGE);
    CHECK(unlink("scratch") == 0);
}

static void write_shared(void)
{
    leave_pages(2);
    for (int i = 0; i < 4; i++)
        memory[i * PAGE] = 2;
    CHECK(false);
}

void test_short_cow(void)
{
    memory = grow(4);
    memset(memory, 1, 4 * PAGE);
    check_killed(write_shared);
    for (int i = 0; i < 4; i++)
        CHECK(memory[i * PAGE] == 1);
}

/* The kernel cannot bring the page in that it should write to: an error, and no kill. */
void test_short_copyout(void)
{
    int fd = open("sh", O_READ);

    memory = grow(4);
    memory[0] = 1;
    leave_pages(0);
    CHECK(read(fd, memory + PAGE, 10) == -ENOMEM);
    CHECK(read(fd, memory, 10) == 10);
}
