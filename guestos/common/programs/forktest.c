/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * forktest.c - forktest: forks until the kernel says that it has no more processes, and
 * collects every child again.
 */
#include "user.h"

/* A child waits for the end of the pipe, so that all of them are there at the same time. */
static _Noreturn void child(const int *fds)
{
    char c;

    close(fds[1]);
    read(fds[0], &c, 1);
    exit(0);
}

static int reap(int forked)
{
    int status;
    int reaped = 0;

    while (wait(&status, 0) > 0)
        reaped += status == 0;
    printf("forktest: %d forked, %d reaped\n", forked, reaped);
    return reaped != forked;
}

int main(void)
{
    int fds[2];
    int forked = 0;
    int pid = pipe(fds);

    if (pid < 0)
        return 1;
    while ((pid = fork()) > 0)
        forked++;
    if (pid == 0)
        child(fds);
    printf("forktest: no more after %d: %s\n", forked, error_text(pid));
    close(fds[0]);
    close(fds[1]);
    return reap(forked);
}
