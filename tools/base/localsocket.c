/* SPDX-License-Identifier: GPL-2.0-or-later */
/* localsocket.c - see localsocket.h. */
#define _GNU_SOURCE
#include "tools/base/localsocket.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#define LOCK_TRIES 300u
#define LOCK_TRY_US 1000u

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
                           "%s: %s, by something other than a socket: name a path that is free",
                           path, strerror(why));
    return problem_set(problem, PZ_HOST, "%s: %s: %s", path, strerror(why), taken);
}

/* ---- Listening ---- */

/* -1: there is none, or somebody else keeps the lock, who need not be a friend: never for long. */
static int lock_directory(const char *path)
{
    const char *slash = strrchr(path, '/');
    size_t len = slash ? (size_t)(slash - path) + 1 : 0;
    char directory[LOCALSOCKET_PATH + 1] = ".";
    int fd;

    memcpy(directory, path, len);
    fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    for (unsigned tries = 0; fd >= 0 && tries < LOCK_TRIES; tries++) {
        if (!flock(fd, LOCK_EX | LOCK_NB))
            return fd;
        usleep(LOCK_TRY_US);
    }
    if (fd >= 0)
        close(fd);
    return -1;
}

static void unlock_directory(int fd)
{
    if (fd >= 0)
        close(fd);
}

/* Under the lock: a socket that nobody listens at is not one that is being made. */
static bool is_dead(const char *path)
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

void localsocket_remove_dead(const char *path)
{
    int lock = lock_directory(path);

    if (lock >= 0 && is_dead(path))
        (void)unlink(path);
    unlock_directory(lock);
}

static bool bind_owned(int fd, const struct sockaddr_un *name, bool locked)
{
    mode_t before = umask(077);
    bool bound = !bind(fd, (const struct sockaddr *)name, sizeof *name);

    if (!bound && errno == EADDRINUSE) {
        if (locked && is_dead(name->sun_path))
            unlink(name->sun_path);
        bound = !bind(fd, (const struct sockaddr *)name, sizeof *name);
    }
    umask(before);
    return bound;
}

int localsocket_listen(const char *path)
{
    struct sockaddr_un name;
    int fd = set_name(&name, path) ? socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0) : -1;
    int lock = fd < 0 ? -1 : lock_directory(path);
    int error;

    if (fd < 0 || (bind_owned(fd, &name, lock >= 0) && !listen(fd, SOMAXCONN))) {
        unlock_directory(lock);
        return fd;
    }
    error = errno;
    unlock_directory(lock);
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
