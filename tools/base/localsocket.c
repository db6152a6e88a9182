/* SPDX-License-Identifier: GPL-2.0-or-later */
/* localsocket.c - see localsocket.h. */
#define _GNU_SOURCE
#include "tools/base/localsocket.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

static bool set_name(struct sockaddr_un *name, const char *path)
{
    *name = (struct sockaddr_un){.sun_family = AF_UNIX};
    if (!*path || strlen(path) >= sizeof name->sun_path) {
        errno = ENAMETOOLONG;
        return false;
    }
    strcpy(name->sun_path, path);
    return true;
}

int localsocket_connect(const char *path)
{
    struct sockaddr_un name;
    int fd = set_name(&name, path) ? socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0) : -1;
    int error;

    if (fd < 0 || !connect(fd, (const struct sockaddr *)&name, sizeof name))
        return fd;
    error = errno;
    close(fd);
    errno = error;
    return -1;
}

bool localsocket_is_stale(const char *path)
{
    struct stat about;
    int fd;

    if (lstat(path, &about) || !S_ISSOCK(about.st_mode))
        return false;
    fd = localsocket_connect(path);
    if (fd < 0)
        return errno == ECONNREFUSED;
    close(fd);
    return false;
}

bool localsocket_is_none(const char *path)
{
    struct stat about;

    return !lstat(path, &about) && !S_ISSOCK(about.st_mode);
}

enum pz_err localsocket_refused(const char *path, const char *taken, struct problem *problem)
{
    int why = errno;

    if (why != EADDRINUSE)
        return problem_set(problem, PZ_HOST, "%s: %s", path, strerror(why));
    if (localsocket_is_none(path))
        return problem_set(problem, PZ_HOST,
                           "%s: %s, by what is no socket: name a path that is free", path,
                           strerror(why));
    return problem_set(problem, PZ_HOST, "%s: %s: %s", path, strerror(why), taken);
}

static bool bind_owned(int fd, const struct sockaddr_un *name)
{
    mode_t before = umask(077);
    bool bound = !bind(fd, (const struct sockaddr *)name, sizeof *name);

    if (!bound && errno == EADDRINUSE) {
        if (localsocket_is_stale(name->sun_path))
            unlink(name->sun_path);
        bound = !bind(fd, (const struct sockaddr *)name, sizeof *name);
    }
    umask(before);
    return bound;
}

int localsocket_bind(const char *path)
{
    struct sockaddr_un name;
    int fd = set_name(&name, path) ? socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0) : -1;
    int error;

    if (fd < 0 || bind_owned(fd, &name))
        return fd;
    error = errno;
    close(fd);
    errno = error;
    return -1;
}

bool localsocket_is_owner(int fd)
{
    struct ucred who;
    socklen_t len = sizeof who;

    return !getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &who, &len) &&
           (who.uid == geteuid() || !who.uid);
}
