/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * changes.h - a guest's writes to a disk, kept only in memory, block by block; and, for runs that
 * can go back, their order, so that the disk can be restored to any earlier moment and brought
 * forward again.
 */
#ifndef PZ_TOOLS_HOST_CHANGES_H
#define PZ_TOOLS_HOST_CHANGES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CHANGES_BLOCK 4096u

/* A block was written: what it was (NULL: as on the disk) and what it became. */
struct change {
    uint64_t block;
    uint8_t *before, *after;
};

struct changes {
    uint8_t **blocks; /* of each: its bytes, or NULL: as on the disk */
    uint64_t count;
    bool logs;
    struct change *log;
    size_t now, known, room; /* of the log: before now; all; allocated */
};

/* False: no memory. With `logs` every state is kept, so that there is a way back. */
bool changes_open(struct changes *changes, uint64_t blocks, bool logs);
void changes_close(struct changes *changes);

/* The bytes of a block, or NULL: as on the disk. */
static inline const uint8_t *changes_block(const struct changes *changes, uint64_t block)
{
    return changes->blocks[block];
}

/* A block becomes these bytes. False: no memory, and nothing was done. */
bool changes_write(struct changes *changes, uint64_t block, const uint8_t *bytes);

/* The present moment, and how to be there again. */
static inline uint64_t changes_now(const struct changes *changes)
{
    return changes->now;
}

void changes_go(struct changes *changes, uint64_t moment);

#endif
