/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * hostile.c - hostile fork | memory | cpu [MS] | files: takes as much as it is given of one thing,
 * and says how much that was.
 */
#include "user.h"

enum { PAGE = 4096, DEFAULT_MS = 1000 };

/* All children wait for each other's end, so none makes room. */
static int bomb(void)
{
    int children = 0, pid;

    while ((pid = fork()) > 0)
        children++;
    if (pid == 0) {
        sleep(DEFAULT_MS);
        exit(0);
    }
    printf("fork: %d children, then: %s\n", children, error_text(pid));
    return 0;
}

static int eat(void)
{
    uint32_t pages = 0;
    char *p;

    while (!is_error(p = sbrk(PAGE))) {
        *p = 1;
        pages++;
    }
    printf("memory: %u pages, then: %s\n", pages, error_text((int)(intptr_t)p));
    return 0;
}

static int spin(int ms)
{
    int start = uptime();
    uint32_t turns = 0;

    while (uptime() - start < ms)
        for (volatile int i = 0; i < 1000; i++)
            turns++;
    printf("cpu: %u turns in %d ms\n", turns / 1000, uptime() - start);
    return 0;
}

/* A process has fewer descriptors than a box may have files: so each child goes on. */
static int open_all(void)
{
    int fds = 0, ends[2], error;

    while ((error = pipe(ends)) == 0) {
        int pid = fork();

        fds += 2;
        if (pid != 0)
            return wait(NULL, 0) < 0;
    }
    printf("files: %d, then: %s\n", fds, error_text(error));
    return 0;
}

int main(int argc, char **argv)
{
    const char *what = argc > 1 ? argv[1] : "";
    uint32_t ms = DEFAULT_MS;

    if (argc > 2 && !parse_number(argv[2], &ms))
        what = "";
    if (strcmp(what, "fork") == 0)
        return bomb();
    if (strcmp(what, "memory") == 0)
        return eat();
    if (strcmp(what, "cpu") == 0)
        return spin((int)ms);
    if (strcmp(what, "files") == 0)
        return open_all();
    dprintf(2, "usage: hostile fork | memory | cpu [MS] | files\n");
    return 2;
}
