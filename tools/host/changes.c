/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * changes.c - with a log, a block's bytes are never changed in place, but replaced: the n-th change
 * has slot n. A run that goes forward again repeats the same writes, so the log only grows at its
 * end; if something else is written, the logged future is discarded.
 */
#define _GNU_SOURCE /* asprintf() */
#include "tools/host/changes.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sys/mman.h>

#include "tools/host/diskio.h"

#define DIRECTORY "/var/tmp" /* unlike /tmp, seldom in memory itself */

bool changes_open(struct changes *changes, uint64_t blocks, bool logs)
{
    *changes = (struct changes){.count = blocks, .logs = logs, .file = -1};
    changes->memory_slots = CHANGES_MEMORY / CHANGES_BLOCK;
    changes->blocks = calloc(blocks + 1, sizeof *changes->blocks);
    changes->memory = mmap(NULL, CHANGES_MEMORY, PROT_READ | PROT_WRITE,
                           MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (changes->memory == MAP_FAILED)
        changes->memory = NULL;
    return changes->blocks && changes->memory;
}

void changes_close(struct changes *changes)
{
    if (changes->memory)
        munmap(changes->memory, CHANGES_MEMORY);
    if (changes->blocks && changes->file >= 0)
        close(changes->file);
    free(changes->blocks);
    free(changes->log);
    *changes = (struct changes){.file = -1};
}

/* ---- Slots ---- */

static const char *directory(void)
{
    const char *named = getenv("TMPDIR");

    return named && *named ? named : DIRECTORY;
}

/* It has no name any more when this returns, so that nothing is left whatever becomes of pz. */
static bool open_file(struct changes *changes)
{
    char *path;

    if (changes->file >= 0)
        return true;
    if (asprintf(&path, "%s/pz-XXXXXX", directory()) < 0)
        return false;
    changes->file = mkostemp(path, O_CLOEXEC);
    if (changes->file >= 0)
        unlink(path);
    free(path);
    return changes->file >= 0;
}

static uint8_t *in_memory(const struct changes *changes, change_slot slot)
{
    return slot <= changes->memory_slots ? changes->memory + (size_t)(slot - 1) * CHANGES_BLOCK
                                         : NULL;
}

static uint64_t in_file(const struct changes *changes, change_slot slot)
{
    return (uint64_t)(slot - 1 - changes->memory_slots) * CHANGES_BLOCK;
}

static bool load(const struct changes *changes, change_slot slot, uint8_t *bytes)
{
    const uint8_t *kept = in_memory(changes, slot);

    if (!kept)
        return diskio_read(changes->file, bytes, CHANGES_BLOCK, in_file(changes, slot));
    memcpy(bytes, kept, CHANGES_BLOCK);
    return true;
}

static bool no_room(struct changes *changes)
{
    if (!changes->told)
        fprintf(stderr,
                "pz: what the guest writes to its disk cannot be kept in %s: %s: it is told of "
                "an I/O error (TMPDIR=DIRECTORY names another place)\n",
                directory(), strerror(errno));
    changes->told = true;
    return false;
}

static bool save(struct changes *changes, change_slot slot, const uint8_t *bytes)
{
    uint8_t *kept = in_memory(changes, slot);

    if (!kept)
        return (open_file(changes) &&
                diskio_write(changes->file, bytes, CHANGES_BLOCK, in_file(changes, slot))) ||
               no_room(changes);
    memcpy(kept, bytes, CHANGES_BLOCK);
    return true;
}

/* ---- Blocks ---- */

bool changes_read(const struct changes *changes, uint64_t block, uint8_t *bytes)
{
    return load(changes, changes->blocks[block], bytes);
}

static bool make_room(struct changes *changes)
{
    size_t room = changes->room ? 2 * changes->room : 256;
    struct change *log;

    if (changes->known < changes->room)
        return true;
    log = realloc(changes->log, room * sizeof *log);
    if (!log)
        return no_room(changes);
    changes->log = log;
    changes->room = room;
    return true;
}

static change_slot slot_of(size_t change)
{
    return (change_slot)(change + 1);
}

static bool was_written_then(const struct changes *changes, uint64_t block,
                             const uint8_t *bytes)
{
    uint8_t then[CHANGES_BLOCK];

    return changes->now < changes->known && changes->log[changes->now].block == block &&
           load(changes, slot_of(changes->now), then) && !memcmp(then, bytes, CHANGES_BLOCK);
}

static bool write_logged(struct changes *changes, uint64_t block, const uint8_t *bytes)
{
    change_slot slot = slot_of(changes->now);

    if (!was_written_then(changes, block, bytes)) {
        changes->known = changes->now;
        if (!make_room(changes) || !save(changes, slot, bytes))
            return false;
        changes->log[changes->known++] =
            (struct change){(uint32_t)block, changes->blocks[block]};
    }
    changes->now++;
    changes->blocks[block] = slot;
    return true;
}

bool changes_write(struct changes *changes, uint64_t block, const uint8_t *bytes)
{
    change_slot slot = changes->blocks[block];

    if (changes->logs)
        return write_logged(changes, block, bytes);
    if (!slot)
        slot = slot_of(changes->kept);
    if (!save(changes, slot, bytes))
        return false;
    if (!changes->blocks[block])
        changes->kept++;
    changes->blocks[block] = slot;
    return true;
}

void changes_go(struct changes *changes, uint64_t moment)
{
    const struct change *change;

    while (changes->now > moment) {
        change = &changes->log[--changes->now];
        changes->blocks[change->block] = change->before;
    }
    for (; changes->now < moment && changes->now < changes->known; changes->now++)
        changes->blocks[changes->log[changes->now].block] = slot_of(changes->now);
}
