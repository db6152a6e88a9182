/* SPDX-License-Identifier: GPL-2.0-or-later */
/* home.c - finds the program's own tree. Callers check the files that they open in it. */
#include "tools/host/home.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sys/auxv.h>

#define HOME_SOURCE "share/page-zero/src"

/* With links followed. Where /proc is not mounted, by the name that the program was run under. */
static bool own_path(char path[PATH_MAX])
{
    const char *name = (const char *)getauxval(AT_EXECFN);
    ssize_t len = readlink("/proc/self/exe", path, PATH_MAX - 1);

    if (len <= 0)
        return name && realpath(name, path);
    path[len] = '\0';
    return true;
}

/* Cut off the last part; a path without a folder becomes "". */
static void go_up(char *path)
{
    char *slash = strrchr(path, '/');

    *(slash ? slash : path) = '\0';
}

bool home_beside(const char *rest, char *path, size_t room)
{
    char own[PATH_MAX];
    int len;

    if (!own_path(own))
        return false;
    go_up(own);
    go_up(own);
    len = snprintf(path, room, "%s/%s", own, rest);
    return len >= 0 && (size_t)len < room;
}

const char *home_directory(void)
{
    static char found[PATH_MAX];
    const char *chosen = getenv("PZ_HOME");
    char path[PATH_MAX];

    if (chosen && chosen[0])
        return chosen;
    if (found[0])
        return found;
    if (!home_beside(HOME_SOURCE, path, sizeof path))
        snprintf(path, sizeof path, "%s", HOME_SOURCE);
    if (!realpath(path, found))
        snprintf(found, sizeof found, "%s", path);
    return found;
}

bool home_page(const char *name, char *path, size_t room)
{
    static const char *const places[] = {"share/page-zero/web", "web"};
    const char *chosen = getenv("PZ_WEB");
    bool elsewhere = chosen && chosen[0];
    char folder[PATH_MAX];
    int len;

    for (unsigned i = 0; i < (elsewhere ? 1 : sizeof places / sizeof places[0]); i++) {
        if (elsewhere)
            snprintf(folder, sizeof folder, "%s", chosen);
        else if (!home_beside(places[i], folder, sizeof folder))
            continue;
        len = snprintf(path, room, "%s/%s", folder, name);
        if (len >= 0 && (size_t)len < room && !access(path, R_OK))
            return true;
    }
    return false;
}
