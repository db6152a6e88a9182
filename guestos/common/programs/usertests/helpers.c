/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * helpers.c - checks, children and memory for the tests.
 */
#include "usertests.h"

const uint32_t unreadable[] = {
    (uint32_t)KERNEL,
    (uint32_t)KERNEL + 0x12345,
    (uint32_t)UNMAPPED,
    (uint32_t)STACK_GUARD,
    (uint32_t)LAST_PAGE,
    (uint32_t)LAST_PAGE + PAGE - 1,
    (uint32_t)KERNEL + (255u << 22),
    0,
};

/* The first pages of a program: its text and its constants. */
const uint32_t unwritable[] = {4, (uint32_t)unreadable, 0};

void check(bool good, const char *what, const char *file, int line)
{
    if (good)
        return;
    printf("%s:%d: not true: %s\n", file, line, what);
    exit(1);
}

int start_child(void (*body)(void))
{
    int pid = fork();

    CHECK(pid >= 0);
    if (pid == 0) {
        body();
        exit(0);
    }
    return pid;
}

int wait_child(int pid)
{
    int status;

    CHECK(wait(&status, 0) == pid);
    return status;
}

int run_child(void (*body)(void))
{
    return wait_child(start_child(body));
}

void check_killed(void (*body)(void))
{
    CHECK(run_child(body) == STATUS_KILLED);
}

uint32_t free_pages(void)
{
    struct meminfo info;

    CHECK(meminfo(&info) == 0);
    return info.free_pages;
}

char *grow(uint32_t pages)
{
    char *start = sbrk((int)(pages * PAGE));

    CHECK(!is_error(start));
    return start;
}

void wait_for_tick(void)
{
    int start = uptime();

    while (uptime() == start)
        ;
}

void leave_pages(uint32_t n)
{
    CHECK(hold(0) == 0);
    CHECK(free_pages() > n);
    CHECK(hold(free_pages() - n) == 0);
    CHECK(free_pages() == n);
}
