/* SPDX-License-Identifier: GPL-2.0-or-later */
/* guests.c - looks beside the running program, so that a build can be moved as a whole. */
#include "tools/host/guests.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool own_path(char *path, size_t room)
{
    ssize_t len = readlink("/proc/self/exe", path, room - 1);

    if (len <= 0)
        return false;
    path[len] = '\0';
    return true;
}

/* Cut the last `parts` parts off a path. */
static void go_up(char *path, unsigned parts)
{
    while (parts--) {
        char *slash = strrchr(path, '/');

        if (slash)
            *slash = '\0';
    }
}

enum pz_err guests_directory(char *path, size_t room, struct problem *problem)
{
    const char *chosen = getenv("PZ_GUESTS");
    char own[PATH_MAX];
    int len;

    if (chosen && chosen[0]) {
        len = snprintf(path, room, "%s", chosen);
    } else {
        if (!own_path(own, sizeof own))
            return problem_set(problem, PZ_HOST,
                               "cannot tell where pz itself is: set PZ_GUESTS to the directory "
                               "of the bundled guests");
        go_up(own, 2);
        len = snprintf(path, room, "%s/guests", own);
    }
    if (len < 0 || (size_t)len >= room)
        return problem_set(problem, PZ_USAGE, "PZ_GUESTS: too long");
    return PZ_OK;
}

enum pz_err guests_find(const char *name, char *path, size_t room, struct problem *problem)
{
    char directory[PATH_MAX];
    enum pz_err err = guests_directory(directory, sizeof directory, problem);
    int len;

    if (err)
        return err;
    len = snprintf(path, room, "%s/%s", directory, name);
    if (len < 0 || (size_t)len >= room)
        return problem_set(problem, PZ_USAGE, "PZ_GUESTS: too long");
    if (access(path, R_OK))
        return problem_set(
            problem, PZ_HOST,
            "the bundled guest %s cannot be read (%s): build the target 'guests', "
            "set PZ_GUESTS, or name a kernel",
            path, strerror(errno));
    return PZ_OK;
}
