/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * folder.c - makes and removes temporary folders; when, their owners decide. An owner holds a lock
 * on a file in its folder. The host releases it however the owner ends, so a folder whose lock can
 * be had is nobody's.
 */
#define _GNU_SOURCE /* nftw() */
#include "tools/web/folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sys/file.h>
#include <sys/stat.h>

#define PREFIX "pz-web-"
#define LOCK "/.pz-web-lock"
#define TRIES 100u

static const char *parent(void)
{
    const char *folder = getenv("TMPDIR");

    return folder && folder[0] ? folder : "/tmp";
}

static int remove_one(const char *path, const struct stat *stat, int kind, struct FTW *where)
{
    (void)stat, (void)kind, (void)where;
    return remove(path);
}

static void remove_tree(const char *path)
{
    (void)nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

/* ---- Folders whose owners were killed ---- */

static bool is_mine(int fd)
{
    struct stat stat;

    return !fstat(fd, &stat) && S_ISREG(stat.st_mode) && stat.st_uid == geteuid();
}

static void remove_if_left(const char *path)
{
    char name[PATH_ROOM + sizeof LOCK];
    int lock;

    path_format(name, sizeof name, "%s" LOCK, path);
    lock = open(name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (lock < 0)
        return;
    if (is_mine(lock) && !flock(lock, LOCK_EX | LOCK_NB))
        remove_tree(path);
    close(lock);
}

static void remove_left(void)
{
    DIR *directory = opendir(parent());
    char path[PATH_ROOM];

    for (struct dirent *entry; directory && (entry = readdir(directory));) {
        if (strncmp(entry->d_name, PREFIX, sizeof PREFIX - 1) != 0)
            continue;
        path_format(path, sizeof path, "%s/%s", parent(), entry->d_name);
        if (path[0])
            remove_if_left(path);
    }
    if (directory)
        closedir(directory);
}

/* ---- Making and removing ---- */

/* False: somebody has taken it for left behind before it was locked, or the host refuses. */
static bool lock_it(struct folder *folder)
{
    char name[PATH_ROOM + sizeof LOCK];
    struct stat stat;

    path_format(name, sizeof name, "%s" LOCK, folder->path);
    folder->lock = open(name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (folder->lock < 0)
        return false;
    if (!flock(folder->lock, LOCK_EX) && !fstat(folder->lock, &stat) && stat.st_nlink)
        return true;
    close(folder->lock);
    return false;
}

enum pz_err folder_make(struct folder *folder, struct problem *problem)
{
    remove_left();
    for (unsigned i = 0; i < TRIES; i++) {
        path_format(folder->path, sizeof folder->path, "%s/" PREFIX "XXXXXX", parent());
        if (!folder->path[0] || !mkdtemp(folder->path))
            break;
        if (lock_it(folder))
            return PZ_OK;
        remove_tree(folder->path);
    }
    folder->path[0] = '\0';
    return problem_set(problem, PZ_HOST, "a folder for the session's files in %s: %s", parent(),
                       strerror(errno));
}

void folder_remove(struct folder *folder)
{
    if (!folder->path[0])
        return;
    remove_tree(folder->path);
    close(folder->lock);
    folder->path[0] = '\0';
}
