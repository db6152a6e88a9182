/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * changes.c - with a log, a block's bytes are never changed in place, but replaced. A run that
 * goes forward again repeats the same writes, so the log only grows at its end; if something
 * else is written, the logged future is discarded.
 */
#include "tools/host/changes.h"

#include <stdlib.h>
#include <string.h>

bool changes_open(struct changes *changes, uint64_t blocks, bool logs)
{
    *changes = (struct changes){.count = blocks, .logs = logs};
    changes->blocks = calloc(blocks + 1, sizeof *changes->blocks);
    return changes->blocks;
}

static void forget(struct changes *changes)
{
    while (changes->known > changes->now)
        free(changes->log[--changes->known].after);
}

void changes_close(struct changes *changes)
{
    changes->now = 0;
    if (changes->logs)
        forget(changes);
    for (uint64_t i = 0; changes->blocks && !changes->logs && i < changes->count; i++)
        free(changes->blocks[i]);
    free(changes->blocks);
    free(changes->log);
    *changes = (struct changes){0};
}

static bool make_room(struct changes *changes)
{
    size_t room = changes->room ? 2 * changes->room : 256;
    struct change *log;

    if (changes->known < changes->room)
        return true;
    log = realloc(changes->log, room * sizeof *log);
    if (!log)
        return false;
    changes->log = log;
    changes->room = room;
    return true;
}

static bool was_written_then(const struct changes *changes, uint64_t block,
                             const uint8_t *bytes)
{
    const struct change *next = &changes->log[changes->now];

    return changes->now < changes->known && next->block == block &&
           !memcmp(next->after, bytes, CHANGES_BLOCK);
}

static bool write_logged(struct changes *changes, uint64_t block, const uint8_t *bytes)
{
    struct change *next;
    uint8_t *copy;

    if (!was_written_then(changes, block, bytes)) {
        forget(changes);
        copy = make_room(changes) ? malloc(CHANGES_BLOCK) : NULL;
        if (!copy)
            return false;
        memcpy(copy, bytes, CHANGES_BLOCK);
        changes->log[changes->known++] = (struct change){block, changes->blocks[block], copy};
    }
    next = &changes->log[changes->now++];
    changes->blocks[block] = next->after;
    return true;
}

bool changes_write(struct changes *changes, uint64_t block, const uint8_t *bytes)
{
    if (changes->logs)
        return write_logged(changes, block, bytes);
    if (!changes->blocks[block])
        changes->blocks[block] = malloc(CHANGES_BLOCK);
    if (!changes->blocks[block])
        return false;
    memcpy(changes->blocks[block], bytes, CHANGES_BLOCK);
    return true;
}

void changes_go(struct changes *changes, uint64_t moment)
{
    const struct change *change;

    while (changes->now > moment) {
        change = &changes->log[--changes->now];
        changes->blocks[change->block] = change->before;
    }
    while (changes->now < moment && changes->now < changes->known) {
        change = &changes->log[changes->now++];
        changes->blocks[change->block] = change->after;
    }
}
