/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * history.c - which checkpoint to drop when memory is short: the one whose loss leaves the
 * smallest gap, in replay time, relative to its distance from the current position. So gaps
 * grow with distance, up to a few times the nearest ones.
 */
#include "tools/travel/history.h"

#include <stdlib.h>
#include <string.h>

#include "tools/host/host.h"

enum pz_err history_open(struct history *history, uint64_t limit, size_t moment_size,
                         struct problem *problem)
{
    *history = (struct history){.moment_size = moment_size};
    return store_open(&history->store, limit, problem);
}

static void drop(struct history *history, unsigned index)
{
    struct history_entry *entry = &history->entries[index];

    store_drop(&history->store, &entry->snapshot);
    free(entry->moment);
    history->store.bytes -= history->moment_size;
    history->count--;
    memmove(entry, entry + 1, (history->count - index) * sizeof *entry);
}

void history_clear(struct history *history)
{
    while (history->count)
        drop(history, history->count - 1);
}

void history_close(struct history *history)
{
    history_clear(history);
    free(history->entries);
    history->entries = NULL;
    store_close(&history->store);
}

int history_find(const struct history *history, struct timeline_position at)
{
    unsigned low = 0, high = history->count;

    while (low < high) {
        unsigned middle = (low + high) / 2;

        if (timeline_compare(history->entries[middle].at, at) <= 0)
            low = middle + 1;
        else
            high = middle;
    }
    return (int)low - 1;
}

/*
 * What it takes to run a stretch again, in one number: instructions, and an exit counts as some
 * hundred of them.
 */
#define EVENT_COST 100.0

static double stretch(struct timeline_position a, struct timeline_position b)
{
    double retired = (double)b.retired - (double)a.retired;
    double events = (double)b.events - (double)a.events;

    return retired + EVENT_COST * events;
}

static double distance(struct timeline_position a, struct timeline_position b)
{
    double d = stretch(a, b);

    return d < 0 ? -d : d;
}

/*
 * How little one would be missed; the smaller the less. The whole run is within reach: gaps far
 * from here may be FAR_GAPS times as long as near ones, not longer. The last one has no gap
 * behind it.
 */
#define FAR_GAPS 4.0

static double worth(const struct history *history, unsigned i, struct timeline_position now)
{
    const struct history_entry *entries = history->entries;
    struct timeline_position next = i + 1 < history->count ? entries[i + 1].at : now;
    double span = distance(entries[0].at, entries[history->count - 1].at);

    return (stretch(entries[i - 1].at, next) + 1) /
           (distance(entries[i].at, now) + span / FAR_GAPS + 1);
}

/* False: only the first is left. */
static bool thin(struct history *history, struct timeline_position now)
{
    unsigned victim = 1;

    if (history->count < 2)
        return false;
    for (unsigned i = 2; i < history->count; i++)
        if (worth(history, i, now) < worth(history, victim, now))
            victim = i;
    drop(history, victim);
    return true;
}

static struct history_entry *insert(struct history *history, unsigned index)
{
    if (history->count == history->room) {
        unsigned room = history->room ? 2 * history->room : 64;
        struct history_entry *entries =
            realloc(history->entries, room * sizeof *history->entries);

        if (!entries)
            return NULL;
        history->entries = entries;
        history->room = room;
    }
    memmove(&history->entries[index + 1], &history->entries[index],
            (history->count - index) * sizeof *history->entries);
    history->count++;
    return &history->entries[index];
}

/* The nearest before has most pages in common. */
static bool take(struct history *history, const struct vmm *vmm, struct timeline_position at,
                 struct snapshot *snapshot)
{
    int before = history_find(history, at);
    const struct snapshot *like = before < 0 ? NULL : &history->entries[before].snapshot;
    bool taken;

    if (history->store.bytes + history->moment_size > history->store.limit)
        return false;
    history->store.bytes += history->moment_size; /* there must be room for it, too */
    taken = store_take(&history->store, vmm, like, snapshot);
    history->store.bytes -= history->moment_size;
    return taken;
}

static void add(struct history *history, struct timeline_position at, struct snapshot *snapshot,
                const void *moment)
{
    uint8_t *copy = malloc(history->moment_size);
    struct history_entry *entry =
        copy ? insert(history, (unsigned)(history_find(history, at) + 1)) : NULL;

    if (!entry) {
        free(copy);
        store_drop(&history->store, snapshot);
        return;
    }
    memcpy(copy, moment, history->moment_size);
    *entry = (struct history_entry){at, *snapshot, copy};
    history->store.bytes += history->moment_size;
    history->taken++;
    if (history->store.bytes > history->most_bytes)
        history->most_bytes = history->store.bytes;
}

void history_take(struct history *history, const struct vmm *vmm, struct timeline_position at,
                  const void *moment)
{
    int before = history_find(history, at);
    uint64_t start = machine_work();
    struct snapshot snapshot;
    bool taken;

    if (before >= 0 && !timeline_compare(history->entries[before].at, at))
        return;
    do
        taken = take(history, vmm, at, &snapshot);
    while (!taken && (store_pack(&history->store) || thin(history, at)));
    if (taken)
        add(history, at, &snapshot, moment);
    history->save_ns += machine_work() - start;
}

void history_restore(struct history *history, struct vmm *vmm, unsigned index, void *moment)
{
    const struct history_entry *entry = &history->entries[index];
    uint64_t start = machine_work();

    store_restore(&history->store, vmm, &entry->snapshot);
    memcpy(moment, entry->moment, history->moment_size);
    history->restored++;
    history->restore_ns += machine_work() - start;
}
