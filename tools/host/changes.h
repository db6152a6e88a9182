/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * changes.h - a guest's writes to a disk, kept only in the process, block by block; and, for runs
 * that can go back, their order, so that the disk can be restored to any earlier moment and brought
 * forward again. The first ones are in memory, the rest in a temporary file that has no name.
 */
#ifndef PZ_TOOLS_HOST_CHANGES_H
#define PZ_TOOLS_HOST_CHANGES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CHANGES_BLOCK 4096u
#define CHANGES_MEMORY (64u << 20) /* bytes of them that are in memory */

/* Number of a block's bytes among all that are kept; 0: as on the disk. */
typedef uint32_t change_slot;

/* A block was written: what it was. What it became is in the slot of the change's own number. */
struct change {
    uint32_t block;
    change_slot before;
};

struct changes {
    change_slot *blocks; /* of each: where its bytes are now */
    uint64_t count;
    bool logs;
    struct change *log;
    size_t now, known, room; /* of the log: before now; all; allocated */
    size_t kept;             /* without a log: slots in use */
    uint8_t *memory;         /* the first slots */
    size_t memory_slots;     /* how many; the others are in the file */
    int file;                /* -1: not needed so far */
    bool told;               /* that there is no room for more */
};

/* False: no memory. With `logs` every state is kept, so that there is a way back. */
bool changes_open(struct changes *changes, uint64_t blocks, bool logs);
void changes_close(struct changes *changes);

/* Is a block other than on the disk? */
static inline bool changes_has(const struct changes *changes, uint64_t block)
{
    return changes->blocks[block] != 0;
}

/* The bytes of a block that is. False: the host failed; errno says how. */
bool changes_read(const struct changes *changes, uint64_t block, uint8_t *bytes);

/*
 * A block becomes these bytes. False: there is no room for it, and nothing was done; the first time
 * the user is told why.
 */
bool changes_write(struct changes *changes, uint64_t block, const uint8_t *bytes);

/* The present moment, and how to be there again. */
static inline uint64_t changes_now(const struct changes *changes)
{
    return changes->now;
}

void changes_go(struct changes *changes, uint64_t moment);

#endif
