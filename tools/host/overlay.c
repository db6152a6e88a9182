/* SPDX-License-Identifier: GPL-2.0-or-later */
/* overlay.c - blocks in a sparse file; the table of bits is in memory, and written at flushes. */
#define _GNU_SOURCE /* asprintf() */
#include "tools/host/overlay.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sys/file.h>
#include <sys/stat.h>

#include "tools/host/diskio.h"

#define MAGIC "pz-snapshot 1\n"
#define SIZE_AT 16
#define BITS_AT 4096u

char *overlay_path(const char *disk)
{
    char *path;

    return asprintf(&path, "%s.snapshot", disk) < 0 ? NULL : path;
}

static uint64_t bits_len(const struct overlay *overlay)
{
    return (overlay->blocks + 7) / 8;
}

/* Blocks begin on a block's boundary, behind the bits. */
static uint64_t place_of(const struct overlay *overlay, uint64_t block)
{
    uint64_t table = (bits_len(overlay) + OVERLAY_BLOCK - 1) / OVERLAY_BLOCK;

    return BITS_AT + (table + block) * OVERLAY_BLOCK;
}

/* ---- Opening ---- */

/* All bits are in the file from the beginning: there is room for them when they are needed. */
static enum pz_err make(struct overlay *overlay, uint64_t size, struct problem *problem)
{
    uint8_t head[SIZE_AT + 8] = MAGIC;

    memcpy(head + SIZE_AT, &size, sizeof size);
    if (diskio_write(overlay->fd, overlay->bits, bits_len(overlay), BITS_AT) &&
        diskio_write(overlay->fd, head, sizeof head, 0) && !fdatasync(overlay->fd))
        return PZ_OK;
    return problem_set(problem, PZ_HOST, "cannot be written: %s", strerror(errno));
}

static enum pz_err load(struct overlay *overlay, uint64_t size, struct problem *problem)
{
    uint8_t head[SIZE_AT + 8];
    uint64_t made_for;

    if (!diskio_read(overlay->fd, head, sizeof head, 0))
        return problem_set(problem, PZ_HOST, "cannot be read: %s", strerror(errno));
    if (memcmp(head, MAGIC, sizeof MAGIC - 1))
        return problem_set(problem, PZ_USAGE, "is not a snapshot: move it away");
    memcpy(&made_for, head + SIZE_AT, sizeof made_for);
    if (made_for != size)
        return problem_set(
            problem, PZ_USAGE,
            "belongs to a disk of %" PRIu64 " bytes, and the disk now is %s, "
            "%" PRIu64 ": give the disk back its size, or move the snapshot away",
            made_for, size < made_for ? "shorter than its snapshot" : "longer", size);
    if (!diskio_read(overlay->fd, overlay->bits, bits_len(overlay), BITS_AT))
        return problem_set(problem, PZ_HOST, "cannot be read: %s", strerror(errno));
    return PZ_OK;
}

static enum pz_err prepare(struct overlay *overlay, uint64_t size, struct problem *problem)
{
    struct stat about;

    if (flock(overlay->fd, (overlay->writable ? LOCK_EX : LOCK_SH) | LOCK_NB))
        return problem_set(problem, PZ_USAGE,
                           "is in use by another pz: wait until it has ended");
    if (fstat(overlay->fd, &about))
        return problem_set(problem, PZ_HOST, "cannot be examined: %s", strerror(errno));
    if (!S_ISREG(about.st_mode))
        return problem_set(problem, PZ_USAGE, "is not a file: move it away");
    overlay->blocks = (size + OVERLAY_BLOCK - 1) / OVERLAY_BLOCK;
    overlay->bits = calloc(1, bits_len(overlay) + 1);
    if (!overlay->bits)
        return problem_memory(problem, "a snapshot");
    return about.st_size || !overlay->writable ? load(overlay, size, problem)
                                               : make(overlay, size, problem);
}

enum pz_err overlay_open(struct overlay *overlay, const char *disk, uint64_t size, bool create,
                         struct problem *problem)
{
    char *path = overlay_path(disk);
    enum pz_err err = PZ_OK;

    *overlay = (struct overlay){.fd = -1, .writable = create};
    if (!path)
        return problem_memory(problem, "a snapshot");
    overlay->fd =
        open(path, create ? O_RDWR | O_CREAT | O_CLOEXEC : O_RDONLY | O_CLOEXEC, 0666);
    if (overlay->fd >= 0)
        err = prepare(overlay, size, problem);
    else if (create || errno != ENOENT)
        err = problem_set(problem, PZ_HOST, "cannot be opened: %s", strerror(errno));
    if (err)
        problem_prefix(problem, path);
    free(path);
    return err;
}

bool overlay_close(struct overlay *overlay)
{
    bool kept = overlay->fd < 0 || !overlay->bits || overlay_flush(overlay);

    if (overlay->fd >= 0)
        close(overlay->fd);
    free(overlay->bits);
    *overlay = (struct overlay){.fd = -1};
    return kept;
}

/* ---- Blocks ---- */

bool overlay_has(const struct overlay *overlay, uint64_t block)
{
    return overlay->fd >= 0 && (overlay->bits[block / 8] >> block % 8 & 1);
}

bool overlay_read(const struct overlay *overlay, uint64_t block, uint8_t *bytes)
{
    return diskio_read(overlay->fd, bytes, OVERLAY_BLOCK, place_of(overlay, block));
}

static void note_dirty(struct overlay *overlay, uint64_t byte)
{
    bool none = overlay->dirty_from == overlay->dirty_to;

    if (none || byte < overlay->dirty_from)
        overlay->dirty_from = byte;
    if (none || byte >= overlay->dirty_to)
        overlay->dirty_to = byte + 1;
}

bool overlay_write(struct overlay *overlay, uint64_t block, const uint8_t *bytes)
{
    if (!diskio_write(overlay->fd, bytes, OVERLAY_BLOCK, place_of(overlay, block)))
        return false;
    if (overlay_has(overlay, block))
        return true;
    overlay->bits[block / 8] |= (uint8_t)(1u << block % 8);
    note_dirty(overlay, block / 8);
    return true;
}

bool overlay_flush(struct overlay *overlay)
{
    uint64_t from = overlay->dirty_from, len = overlay->dirty_to - from;

    if (!overlay->writable)
        return true;
    if (fdatasync(overlay->fd))
        return false;
    if (!len)
        return true;
    if (!diskio_write(overlay->fd, overlay->bits + from, len, BITS_AT + from) ||
        fdatasync(overlay->fd))
        return false;
    overlay->dirty_from = overlay->dirty_to = 0;
    return true;
}
