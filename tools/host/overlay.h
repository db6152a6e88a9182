/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * overlay.h - a guest's writes to a disk, kept in a file beside it, FILE.snapshot, until they are
 * committed or discarded. The disk itself is only read.
 *
 *      0  "pz-snapshot 1\n"
 *     16  size of the disk in bytes, little-endian
 *   4096  a bit for each block of 4 KiB: is it kept here?
 *     ..  the blocks, each at its place; the file is sparse
 *
 * A block's bit reaches the file after the block itself, at a flush: flushed data are never lost,
 * other data may be, as with a disk's own cache.
 */
#ifndef PZ_TOOLS_HOST_OVERLAY_H
#define PZ_TOOLS_HOST_OVERLAY_H

#include <stdbool.h>
#include <stdint.h>

#include "tools/base/base.h"

#define OVERLAY_BLOCK 4096u

struct overlay {
    int fd; /* -1: there is none */
    uint64_t blocks;
    uint8_t *bits;
    uint64_t dirty_from, dirty_to; /* bytes of `bits` that the file does not have yet */
    bool writable;
};

/* The name of a disk's snapshot, to be freed; NULL: no memory. */
char *overlay_path(const char *disk);

/*
 * Open that of a disk of `size` bytes. With `create` it is made if there is none, and it is this
 * process's alone; else it is only read, and if there is none overlay->fd is -1.
 */
enum pz_err overlay_open(struct overlay *overlay, const char *disk, uint64_t size, bool create,
                         struct problem *problem) PZ_MUST_CHECK;

/* Everything is in the file afterwards. */
bool overlay_close(struct overlay *overlay) PZ_MUST_CHECK;

/* Is a block kept here? */
bool overlay_has(const struct overlay *overlay, uint64_t block);

/* A block, whole. False: the host failed, errno says how; what was there before still is. */
bool overlay_read(const struct overlay *overlay, uint64_t block, uint8_t *bytes);
bool overlay_write(struct overlay *overlay, uint64_t block, const uint8_t *bytes);

/* All blocks written so far will last. */
bool overlay_flush(struct overlay *overlay);

#endif
