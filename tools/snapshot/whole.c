/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * whole.c - a temporary name, fsync, rename, and fsync of the directory: what POSIX needs for a
 * file that a crash leaves either old or new.
 */
#define _GNU_SOURCE
#include "tools/snapshot/whole.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sys/stat.h>

#define SUFFIX ".XXXXXX"

enum pz_err whole_failed(const struct whole *whole, struct problem *problem)
{
    return outfile_cut(errno ? errno : EIO, "--save", whole->path, problem);
}

/* A device or a pipe would be replaced by a file. */
static bool is_replaceable(const char *path)
{
    struct stat about;

    return lstat(path, &about) ? errno == ENOENT : S_ISREG(about.st_mode);
}

/* For the owner alone: a guest's memory may have secrets. */
static bool open_temporary(struct whole *whole)
{
    int fd = mkostemp(whole->temporary, O_CLOEXEC);

    if (fd < 0)
        return false;
    whole->file = fdopen(fd, "w");
    if (whole->file)
        return true;
    close(fd);
    unlink(whole->temporary);
    return false;
}

enum pz_err whole_open(struct whole *whole, const char *path, struct problem *problem)
{
    size_t len = strlen(path);
    const struct sigaction ignore = {.sa_handler = SIG_IGN};

    *whole = (struct whole){.path = path, .temporary = malloc(len + sizeof SUFFIX)};
    sigaction(SIGXFSZ, &ignore, &whole->before);
    if (!whole->temporary)
        return problem_memory(problem, "a file's name");
    memcpy(whole->temporary, path, len);
    memcpy(whole->temporary + len, SUFFIX, sizeof SUFFIX);
    if (!is_replaceable(path))
        return problem_set(problem, PZ_HOST,
                           "--save: %.300s: only a file can be replaced by a snapshot", path);
    if (open_temporary(whole))
        return PZ_OK;
    return problem_set(problem, PZ_HOST, "--save: %.300s: cannot be written: %s",
                       *path ? path : "''", strerror(errno));
}

/* The new name itself has to last. */
static bool sync_directory(const char *path)
{
    const char *slash = strrchr(path, '/');
    char *name = slash ? strndup(path, (size_t)(slash - path + 1)) : strdup(".");
    int fd = name ? open(name, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
    bool kept = fd >= 0 && (!fsync(fd) || errno == EINVAL);

    if (fd >= 0)
        close(fd);
    free(name);
    return kept;
}

static bool finish(struct whole *whole, uint64_t *bytes)
{
    struct stat about;
    bool whole_yet = !fflush(whole->file) && !ferror(whole->file) &&
                     !fsync(fileno(whole->file)) && !fstat(fileno(whole->file), &about);

    if (whole_yet)
        *bytes = (uint64_t)about.st_size;
    return whole_yet && !rename(whole->temporary, whole->path) && sync_directory(whole->path);
}

enum pz_err whole_close(struct whole *whole, enum pz_err err, uint64_t *bytes,
                        struct problem *problem)
{
    errno = 0;
    if (!err && !finish(whole, bytes))
        err = whole_failed(whole, problem);
    if (whole->file) {
        if (err)
            (void)unlink(whole->temporary);
        (void)fclose(whole->file);
    }
    free(whole->temporary);
    sigaction(SIGXFSZ, &whole->before, NULL);
    return err;
}
