/* SPDX-License-Identifier: GPL-2.0-or-later */
/* guests.c - looks for guests beside the running program (home.h). */
#include "tools/host/guests.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tools/host/home.h"

/* Installed, then in a build. */
static const char *const places[] = {"share/page-zero/guests", "guests"};

/* The first of the places that is there; if none is, the last is what a message should name. */
static bool beside(char *path, size_t room)
{
    bool known = false;

    for (unsigned i = 0; i < sizeof places / sizeof places[0]; i++) {
        known = home_beside(places[i], path, room);
        if (known && !access(path, X_OK))
            return true;
    }
    return known;
}

enum pz_err guests_directory(char *path, size_t room, struct problem *problem)
{
    const char *chosen = getenv("PZ_GUESTS");
    int len;

    if (!chosen || !chosen[0])
        return beside(path, room)
                   ? PZ_OK
                   : problem_set(problem, PZ_HOST,
                                 "cannot tell where pz itself is: set PZ_GUESTS to the "
                                 "directory of the bundled guests");
    len = snprintf(path, room, "%s", chosen);
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

bool guests_bundled(const char *path)
{
    char directory[PATH_MAX], all[PATH_MAX], one[PATH_MAX];
    struct problem problem;
    size_t len;

    if (guests_directory(directory, sizeof directory, &problem) || !realpath(directory, all) ||
        !realpath(path, one))
        return false;
    len = strlen(all);
    return !strncmp(one, all, len) && one[len] == '/';
}
