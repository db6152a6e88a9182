/* SPDX-License-Identifier: GPL-2.0-or-later */
/* folder.c - makes and removes temporary folders; when, their owners decide. */
#define _GNU_SOURCE /* nftw() */
#include "tools/web/folder.h"

#include <errno.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum pz_err folder_make(char path[PATH_ROOM], struct problem *problem)
{
    const char *parent = getenv("TMPDIR");

    path_format(path, PATH_ROOM, "%s/pz-web-XXXXXX", parent && parent[0] ? parent : "/tmp");
    if (path[0] && mkdtemp(path))
        return PZ_OK;
    path[0] = '\0';
    return problem_set(problem, PZ_HOST, "a folder for the session's files: %s",
                       strerror(errno));
}

static int remove_one(const char *path, const struct stat *stat, int kind, struct FTW *where)
{
    (void)stat, (void)kind, (void)where;
    return remove(path);
}

void folder_remove(const char *path)
{
    if (path[0])
        (void)nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}
