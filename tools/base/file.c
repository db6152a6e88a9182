/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * file.c - reads until the end, so that pipes and /proc work as well as files with a size. A size
 * that is known to be too large is refused before a byte is read.
 */
#include "tools/base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sys/stat.h>

#define FILE_CHUNK 65536u

static enum pz_err too_large(size_t most, struct problem *problem)
{
    return problem_set(problem, PZ_USAGE, "is larger than %zu MiB: give a smaller file",
                       most >> 20);
}

/* `size` becomes what it is, if it has one: only a hint. */
static enum pz_err check_kind(int fd, size_t most, size_t *size, struct problem *problem)
{
    struct stat about;

    if (fstat(fd, &about))
        return problem_set(problem, PZ_HOST, "cannot be examined: %s", strerror(errno));
    if (S_ISDIR(about.st_mode))
        return problem_set(problem, PZ_USAGE, "is a directory: give a file");
    if (S_ISREG(about.st_mode) && (uint64_t)about.st_size > most)
        return too_large(most, problem);
    *size = S_ISREG(about.st_mode) ? (size_t)about.st_size : 0;
    return PZ_OK;
}

/* Make room for one more chunk; the first is as much as there seems to be. */
static enum pz_err grow(struct file *file, size_t *room, size_t size, struct problem *problem)
{
    uint8_t *bytes;

    if (*room - file->len >= FILE_CHUNK)
        return PZ_OK;
    *room = *room * 2 + size + FILE_CHUNK;
    bytes = realloc(file->bytes, *room);
    if (!bytes)
        return problem_memory(problem, "a file's contents");
    file->bytes = bytes;
    return PZ_OK;
}

/* `size` is how much there seems to be. */
static enum pz_err read_all(int fd, size_t size, size_t most, struct file *file,
                            struct problem *problem)
{
    size_t room = 0;

    for (;;) {
        enum pz_err err = grow(file, &room, size, problem);
        ssize_t got;

        if (err)
            return err;
        got = read(fd, file->bytes + file->len, room - file->len);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return problem_set(problem, PZ_HOST, "cannot be read: %s", strerror(errno));
        if (got == 0)
            return PZ_OK;
        file->len += (size_t)got;
        if (file->len > most)
            return too_large(most, problem);
    }
}

enum pz_err file_read(const char *path, size_t most, struct file *file, struct problem *problem)
{
    size_t size = 0;
    enum pz_err err;
    int fd = open(path, O_RDONLY | O_CLOEXEC);

    *file = (struct file){0};
    if (fd < 0)
        return problem_set(problem, PZ_HOST, "cannot be opened: %s", strerror(errno));
    err = check_kind(fd, most, &size, problem);
    if (!err)
        err = read_all(fd, size, most, file, problem);
    close(fd);
    if (err)
        file_free(file);
    return err;
}

void file_free(struct file *file)
{
    free(file->bytes);
    *file = (struct file){0};
}
