/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * history.h - the checkpoints of one run, in order of their positions: as many as the memory
 * allows, closest together near the present, and further back at most a few times as far apart. The
 * first is always kept.
 */
#ifndef PZ_TOOLS_TRAVEL_HISTORY_H
#define PZ_TOOLS_TRAVEL_HISTORY_H

#include "tools/travel/store.h"
#include "tools/travel/timeline_position.h"

struct history_entry {
    struct timeline_position at;
    struct snapshot snapshot;
    uint8_t *moment; /* what the timeline itself keeps, of a fixed size */
};

struct history {
    struct store store;
    struct history_entry *entries;
    unsigned count, room;
    size_t moment_size;
    uint64_t taken, restored, save_ns, restore_ns, most_bytes;
};

enum pz_err history_open(struct history *history, uint64_t limit, size_t moment_size,
                         struct problem *problem) PZ_MUST_CHECK;
void history_close(struct history *history);

/* The index of the last checkpoint at or before a position; -1 for none. */
int history_find(const struct history *history, struct timeline_position at);

/*
 * Take one here, thinning others if need be; nothing if there is one here. Where not even so there
 * is room for it, none is taken: the way back is longer then.
 */
void history_take(struct history *history, const struct vmm *vmm, struct timeline_position at,
                  const void *moment);

/* Go to a checkpoint; `moment` is filled in. */
void history_restore(struct history *history, struct vmm *vmm, unsigned index, void *moment);

/* None of them counts any more. */
void history_clear(struct history *history);

#endif
