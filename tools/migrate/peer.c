/* SPDX-License-Identifier: GPL-2.0-or-later */
/* peer.c - a process is known by the boot of its kernel, its number, and when it was started. */
#define _GNU_SOURCE
#include "tools/migrate/peer.h"

#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <sys/socket.h>
#include <sys/syscall.h>

#define STARTED 20 /* words of /proc/PID/stat after the name, before the time it was started */

static bool read_line(const char *path, char *line, size_t room)
{
    FILE *file = fopen(path, "r");
    bool read = file && fgets(line, (int)room, file);

    if (file)
        fclose(file);
    if (read)
        line[strcspn(line, "\n")] = 0;
    return read;
}

/* The name of a program may hold anything: what counts comes after its last parenthesis. */
static bool find_start(pid_t pid, char start[24])
{
    char path[40], line[1024];
    const char *at;

    snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
    if (!read_line(path, line, sizeof line))
        return false;
    at = strrchr(line, ')');
    for (unsigned word = 0; at && word < STARTED; word++)
        at = strchr(at + 1, ' ');
    return at && sscanf(at, "%23s", start) == 1;
}

/* "": it cannot be told. */
static void describe(pid_t pid, char text[PEER_TEXT])
{
    char boot[40], start[24];

    *text = 0;
    if (read_line("/proc/sys/kernel/random/boot_id", boot, sizeof boot) &&
        find_start(pid, start))
        snprintf(text, PEER_TEXT, "%s %d %s", boot, (int)pid, start);
}

void peer_self(char text[PEER_TEXT])
{
    describe(getpid(), text);
}

void peer_open(struct peer *peer, int fd, const char *says)
{
    struct ucred who;
    socklen_t len = sizeof who;
    char text[PEER_TEXT];

    *peer = (struct peer){.pidfd = -1};
    if (!says || !*says || getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &who, &len) || who.pid <= 0)
        return;
    peer->pidfd = (int)syscall(SYS_pidfd_open, who.pid, 0);
    describe(who.pid, text);
    peer->direct = peer->pidfd >= 0 && !strcmp(text, says);
}

void peer_close(struct peer *peer)
{
    if (peer->pidfd >= 0)
        close(peer->pidfd);
    *peer = (struct peer){.pidfd = -1};
}

bool peer_has_ended(const struct peer *peer, int ms)
{
    struct pollfd fd = {.fd = peer->pidfd, .events = POLLIN};

    return peer->direct && poll(&fd, 1, ms) == 1;
}
