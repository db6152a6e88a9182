/* SPDX-License-Identifier: GPL-2.0-or-later */
/* runtime.c - see runtime.h. */
#include "tools/control/runtime.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sys/stat.h>

#define NAME_MOST 40u

static enum pz_err too_long(struct problem *problem)
{
    return problem_set(problem, PZ_USAGE,
                       "a socket's path may have %u characters: choose a shorter one",
                       LOCALSOCKET_PATH);
}

static bool is_ours_alone(const char *path)
{
    struct stat about;

    return !lstat(path, &about) && S_ISDIR(about.st_mode) && about.st_uid == geteuid() &&
           !(about.st_mode & (S_IWGRP | S_IWOTH));
}

enum pz_err runtime_directory(char path[RUNTIME_PATH], struct problem *problem)
{
    const char *parent = getenv("XDG_RUNTIME_DIR");
    int len = parent && *parent == '/'
                  ? snprintf(path, RUNTIME_PATH, "%s/page-zero", parent)
                  : snprintf(path, RUNTIME_PATH, "/tmp/page-zero-%u", (unsigned)geteuid());

    if (len < 0 || (size_t)len >= RUNTIME_PATH)
        return too_long(problem);
    if (mkdir(path, 0700) && errno != EEXIST)
        return problem_set(problem, PZ_HOST, "%s: cannot be made: %s", path, strerror(errno));
    if (is_ours_alone(path))
        return PZ_OK;
    return problem_set(problem, PZ_HOST,
                       "%s: not a directory of yours that only you can write to: remove it, "
                       "or set XDG_RUNTIME_DIR",
                       path);
}

static bool is_name(const char *name)
{
    static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                  "0123456789._-";
    size_t len = strspn(name, allowed);

    return len && !name[len] && len <= NAME_MOST && *name != '.';
}

enum pz_err runtime_socket(const char *name, char path[RUNTIME_PATH], struct problem *problem)
{
    size_t len;
    enum pz_err err;

    if (!strncmp(name, "unix:", 5)) {
        if (!name[5])
            return problem_set(problem, PZ_USAGE, "unix:PATH: there is no path");
        if (strlen(name + 5) > LOCALSOCKET_PATH)
            return too_long(problem);
        strcpy(path, name + 5);
        return PZ_OK;
    }
    if (!is_name(name))
        return problem_set(
            problem, PZ_USAGE,
            "'%.60s' is not the name of a run: 1 to %u letters, digits, '.', '_' and "
            "'-', or unix:PATH",
            name, NAME_MOST);
    err = runtime_directory(path, problem);
    len = err ? 0 : strlen(path);
    if (!err && len + 1 + strlen(name) + strlen(RUNTIME_SUFFIX) > LOCALSOCKET_PATH)
        return too_long(problem);
    if (!err)
        (void)!snprintf(path + len, RUNTIME_PATH - len, "/%s" RUNTIME_SUFFIX, name);
    return err;
}
