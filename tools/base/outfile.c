/* SPDX-License-Identifier: GPL-2.0-or-later */
/* outfile.c - the list here is process-wide because the files are the command's. */
#include "tools/base/outfile.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sys/stat.h>

/* As many as one command names; those that come later are not tidied up. */
#define OPENED_MOST 16u

static struct {
    char *path[OPENED_MOST];
    bool was_there[OPENED_MOST];
    bool empty[OPENED_MOST]; /* closed without a byte in it */
    unsigned count;
} opened;

static void note(const char *path, bool was_there)
{
    char *copy = opened.count < OPENED_MOST ? strdup(path) : NULL;

    if (!copy)
        return;
    opened.path[opened.count] = copy;
    opened.empty[opened.count] = false;
    opened.was_there[opened.count++] = was_there;
}

/* What a file held before stays until something is written: the command may still be refused. */
static FILE *create(const char *path)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    bool was_there = fd < 0;

    if (was_there)
        fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
    if (fd < 0)
        return NULL;
    note(path, was_there);
    return fdopen(fd, "w");
}

/* Whether nothing is what the command had to write is known when it has succeeded. */
static void note_empty(const char *path)
{
    for (unsigned i = 0; i < opened.count; i++)
        opened.empty[i] |= !strcmp(opened.path[i], path);
}

void outfile_begin(FILE *file)
{
    if (file)
        (void)!ftruncate(fileno(file), 0); /* of a plain file: others have nothing to lose */
}

void outfile_forget(bool failed)
{
    struct stat about;

    for (; opened.count; opened.count--) {
        unsigned last = opened.count - 1;
        char *path = opened.path[last];

        if (failed && !opened.was_there[last] && !lstat(path, &about) &&
            S_ISREG(about.st_mode) && !about.st_size)
            (void)unlink(path);
        if (!failed && opened.empty[last])
            (void)!truncate(path, 0);
        free(path);
    }
}

enum pz_err outfile_check_folder(const char *option, const char *path, struct problem *problem)
{
    const char *slash = strrchr(path, '/');
    /* With the slash: a link to a folder is as good, a file is not. */
    char *folder = slash ? strndup(path, (size_t)(slash - path) + 1) : strdup("./");
    int error = *path ? 0 : ENOENT;
    struct stat about;

    if (!folder)
        return problem_memory(problem, "the file's name");
    if (!error && access(folder, W_OK | X_OK))
        error = errno;
    if (!error && !stat(path, &about) && S_ISDIR(about.st_mode))
        error = EISDIR;
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

enum pz_err outfile_write(const void *bytes, size_t len, const char *option, const char *path,
                          struct problem *problem)
{
    FILE *file;
    enum pz_err err = outfile_open(&file, option, path, problem);
    int error = 0;

    if (err)
        return err;
    outfile_begin(file);
    errno = 0;
    if (fwrite(bytes, 1, len, file) < len)
        error = errno ? errno : EIO;
    return outfile_close(file, error, option, path, problem);
}

enum pz_err outfile_close(FILE *file, int error, const char *option, const char *path,
                          struct problem *problem)
{
    off_t len;

    if (!file)
        return PZ_OK;
    errno = 0;
    /* Flushed first: a failure to do so is the reason that a user can mend. */
    if ((fflush(file) || ferror(file)) && !error)
        error = errno ? errno : EIO;
    len = ftello(file);
    if (len > 0)
        (void)!ftruncate(fileno(file), len);
    else if (!len)
        note_empty(path);
    if (fclose(file) && !error)
        error = errno ? errno : EIO;
    return error ? outfile_cut(error, option, path, problem) : PZ_OK;
}
