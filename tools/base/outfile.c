/* SPDX-License-Identifier: GPL-2.0-or-later */
/* outfile.c - the list here is process-wide because the files are the command's. */
#include "tools/base/outfile.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sys/stat.h>

/* As many as one command names; of more, those that come later are not removed. */
#define MADE_MOST 16

static struct {
    char *path[MADE_MOST];
    unsigned count;
} made;

static void note_made(const char *path)
{
    char *copy = made.count < MADE_MOST ? strdup(path) : NULL;

    if (copy)
        made.path[made.count++] = copy;
}

/* Noted if it was not there before. */
static FILE *create(const char *path)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);

    if (fd < 0)
        return fopen(path, "we");
    note_made(path);
    return fdopen(fd, "w");
}

void outfile_forget_made(bool remove_empty)
{
    struct stat about;

    for (; made.count; made.count--) {
        char *path = made.path[made.count - 1];

        if (remove_empty && !lstat(path, &about) && S_ISREG(about.st_mode) && !about.st_size)
            (void)unlink(path);
        free(path);
    }
}

enum pz_err outfile_check_folder(const char *option, const char *path, struct problem *problem)
{
    const char *slash = strrchr(path, '/');
    /* With the slash: a link to a folder is as good, a file is not. */
    char *folder = slash ? strndup(path, (size_t)(slash - path) + 1) : strdup("./");
    int error = *path ? 0 : ENOENT;

    if (!folder)
        return problem_memory(problem, "the file's name");
    if (!error && access(folder, W_OK | X_OK))
        error = errno;
    free(folder);
    if (!error)
        return PZ_OK;
    return problem_set(problem, PZ_HOST, "%s: %.300s: cannot be written: %s", option,
                       *path ? path : "''", strerror(error));
}

enum pz_err outfile_open(FILE **file, const char *option, const char *path,
                         struct problem *problem)
{
    *file = create(path);
    if (*file)
        return PZ_OK;
    return problem_set(problem, PZ_HOST, "%s: %.300s: cannot be written: %s", option,
                       *path ? path : "''", strerror(errno));
}

enum pz_err outfile_cut(int error, const char *option, const char *path,
                        struct problem *problem)
{
    return problem_set(problem, PZ_HOST, "%s: %.300s: could not be written in full: %s", option,
                       path, strerror(error));
}

enum pz_err outfile_close(FILE *file, int error, const char *option, const char *path,
                          struct problem *problem)
{
    if (!file)
        return PZ_OK;
    errno = 0;
    /* Flushed first: a failure to do so is the reason that a user can mend. */
    if ((fflush(file) || ferror(file)) && !error)
        error = errno ? errno : EIO;
    if (fclose(file) && !error)
        error = errno ? errno : EIO;
    return error ? outfile_cut(error, option, path, problem) : PZ_OK;
}
