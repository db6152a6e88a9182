/* SPDX-License-Identifier: GPL-2.0-or-later */
/* apart.c - the other process and the pipe from it. What goes through it is the callers' affair. */
#define _GNU_SOURCE
#include "tools/show/apart.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include <sys/resource.h>
#include <sys/wait.h>

#define READING_SECONDS 20u

static void be_quiet(void)
{
    int nowhere = open("/dev/null", O_RDWR);

    for (int fd = 0; nowhere >= 0 && fd <= 2; fd++)
        (void)dup2(nowhere, fd);
}

/* It ends by itself, by a fault, or when its time is up. */
static void read_there(apart_reader *read, const uint8_t *bytes, size_t len, int to)
{
    const struct rlimit time = {READING_SECONDS, READING_SECONDS}, none = {0, 0};

    (void)setrlimit(RLIMIT_CPU, &time);
    (void)setrlimit(RLIMIT_CORE, &none);
    be_quiet();
    _exit(read(bytes, len, to) ? 0 : 1);
}

bool apart_send(int to, const void *from, size_t len)
{
    for (const uint8_t *at = from; len;) {
        ssize_t sent = write(to, at, len);

        if (sent <= 0)
            return false;
        at += sent;
        len -= (size_t)sent;
    }
    return true;
}

bool apart_take(int from, void *to, size_t len)
{
    for (uint8_t *at = to; len;) {
        ssize_t got = read(from, at, len);

        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return false;
        at += got;
        len -= (size_t)got;
    }
    return true;
}

void *apart_take_table(int from, size_t count, size_t size)
{
    void *table = calloc(count ? count : 1, size);

    if (table && apart_take(from, table, count * size))
        return table;
    free(table);
    return NULL;
}

bool apart_ask(apart_reader *read, const uint8_t *bytes, size_t len, apart_receiver *receive,
               void *owner)
{
    int ends[2], status = 0;
    bool received;
    pid_t pid;

    if (pipe2(ends, O_CLOEXEC))
        return false;
    pid = fork();
    if (!pid)
        read_there(read, bytes, len, ends[1]);
    (void)close(ends[1]);
    received = pid > 0 && receive(owner, ends[0]);
    (void)close(ends[0]);
    while (pid > 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR)
        ;
    return received && WIFEXITED(status) && !WEXITSTATUS(status);
}
