/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * timeline_back.c - going back restores a checkpoint and runs forwards. A search backwards
 * replays each interval between two checkpoints, the latest first, and remembers the last match
 * in it.
 */
#include "tools/travel/timeline_internal.h"

/* After going back far, take a checkpoint nearby: more steps back are likely to follow. */
#define NEAR_SHARE 16u

static enum timeline_result approach(struct timeline *timeline, struct timeline_position to)
{
    uint64_t share = timeline->interval / NEAR_SHARE;
    struct timeline_position near = {to.retired - share, 0};

    if (to.retired > share && near.retired > timeline->retired + 2 * share) {
        enum timeline_result result = timeline_forward(timeline, near);

        if (result != TIMELINE_REACHED)
            return result;
        timeline_take(timeline);
    }
    return timeline_forward(timeline, to);
}

enum timeline_result timeline_goto(struct timeline *timeline, struct timeline_position to)
{
    struct timeline_position now = timeline_now(timeline);
    int order = timeline_compare(now, to);
    int index = history_find(&timeline->history, to);

    if (!order)
        return TIMELINE_REACHED;
    if (index < 0)
        index = 0;
    /* The beginning; or the position where the machine was changed from outside. */
    if (order > 0 || timeline_compare(timeline->history.entries[index].at, now) > 0)
        timeline_restore(timeline, (unsigned)index);
    if (timeline_compare(timeline_now(timeline), to) > 0)
        return TIMELINE_BEGAN;
    return order > 0 ? approach(timeline, to) : timeline_forward(timeline, to);
}

struct timeline_position timeline_quiet_since(const struct timeline *timeline,
                                              struct timeline_position at)
{
    const struct history *history = &timeline->history;

    for (int i = history_find(history, at); i >= 0; i--) {
        if (history->entries[i].at.events != at.events)
            break;
        at = history->entries[i].at;
    }
    return at;
}

/* ---- Searching for the last time ---- */

struct search {
    struct timeline_position from; /* where the search began: a match there does not count */
    struct timeline_position found;
    bool hit;
};

typedef enum timeline_result run_stretch(struct timeline *timeline,
                                         struct timeline_position until, struct search *search,
                                         const struct timeline_stop *stop);

static void note(struct timeline *timeline, struct search *search)
{
    struct timeline_position now = timeline_now(timeline);

    if (timeline_compare(now, search->from) >= 0)
        return;
    search->found = now;
    search->hit = true;
}

/* Finds exits in a stretch by counts alone, without receiving each event. */
static enum timeline_result run_exits(struct timeline *timeline, struct timeline_position until,
                                      struct search *search, const struct timeline_stop *stop)
{
    enum timeline_result result = TIMELINE_REACHED;
    struct advance advance;

    (void)stop;
    while (timeline_compare(timeline_now(timeline), until) < 0) {
        uint64_t left = until.retired - timeline->retired;

        timeline_set_halting(timeline, !left);
        if (!timeline_advance(timeline, left ? left : 1, &advance, &result))
            break;
        result = TIMELINE_REACHED;
        if (advance.exit)
            note(timeline, search);
    }
    timeline_set_halting(timeline, false);
    return result;
}

/* The places in a stretch at which `stop` stops. */
static enum timeline_result run_stops(struct timeline *timeline, struct timeline_position until,
                                      struct search *search, const struct timeline_stop *stop)
{
    enum timeline_result result = TIMELINE_STOPPED;

    while (result == TIMELINE_STOPPED) {
        result = timeline_run(timeline, until, stop);
        if (result == TIMELINE_STOPPED)
            note(timeline, search);
    }
    return result;
}

/* The last checkpoint before `until`: one there is the end of a stretch, not its beginning. */
static unsigned stretch_before(const struct timeline *timeline, struct timeline_position until)
{
    int index = history_find(&timeline->history, until);

    if (index > 0 && !timeline_compare(timeline->history.entries[index].at, until))
        index--;
    return index > 0 ? (unsigned)index : 0;
}

static enum timeline_result search_back(struct timeline *timeline, run_stretch *stretch,
                                        const struct timeline_stop *stop)
{
    struct search search = {.from = timeline_now(timeline)};
    struct timeline_position until = search.from, start = timeline->history.entries[0].at;
    enum timeline_result result = TIMELINE_REACHED;

    while (!search.hit && timeline_compare(until, start) > 0) {
        struct timeline_position from;
        enum timeline_result ran;

        timeline_restore(timeline, stretch_before(timeline, until));
        from = timeline_now(timeline);
        ran = stretch(timeline, until, &search, stop);
        if (ran != TIMELINE_REACHED)
            return ran;
        until = from;
    }
    if (search.hit)
        result = timeline_goto(timeline, search.found);
    else
        timeline_restore(timeline, 0);
    if (!search.hit || result != TIMELINE_REACHED)
        return search.hit ? result : TIMELINE_BEGAN;
    return TIMELINE_STOPPED;
}

struct timeline_position timeline_beginning(const struct timeline *timeline)
{
    return timeline->history.entries[0].at;
}

struct timeline_position timeline_checkpoint_before(const struct timeline *timeline,
                                                    struct timeline_position at)
{
    return timeline->history.entries[stretch_before(timeline, at)].at;
}

enum timeline_result timeline_back(struct timeline *timeline, const struct timeline_stop *stop)
{
    return search_back(timeline, run_stops, stop);
}

enum timeline_result timeline_back_exit(struct timeline *timeline)
{
    enum timeline_result result = search_back(timeline, run_exits, NULL);

    return result == TIMELINE_STOPPED ? TIMELINE_REACHED : result;
}

/* ---- One step back ---- */

/* Step from the last instruction but one to where we came from; the step before that is wanted. */
static enum timeline_result back_by(struct timeline *timeline,
                                    enum timeline_result step(struct timeline *))
{
    struct timeline_position from = timeline_now(timeline), before;
    enum timeline_result result;

    if (!timeline_compare(from, timeline->history.entries[0].at))
        return TIMELINE_BEGAN;
    result = timeline_goto(timeline,
                           (struct timeline_position){from.retired ? from.retired - 1 : 0, 0});
    if (result != TIMELINE_REACHED && result != TIMELINE_BEGAN)
        return result;
    do {
        before = timeline_now(timeline);
        result = step(timeline);
    } while (result == TIMELINE_REACHED && timeline_compare(timeline_now(timeline), from) < 0);
    return timeline_goto(timeline, before);
}

enum timeline_result timeline_back_step(struct timeline *timeline)
{
    return back_by(timeline, timeline_step);
}

enum timeline_result timeline_back_insn(struct timeline *timeline)
{
    return back_by(timeline, timeline_step_insn);
}

/* ---- */

/* The event was not recorded when it happened: run it again. */
static void find_last(struct timeline *timeline)
{
    struct timeline_position now = timeline_now(timeline);
    int index = history_find(&timeline->history, now);

    while (!timeline->moment.last_known && index >= 0) {
        timeline_restore(timeline, (unsigned)index);
        index--;
        timeline_set_always(timeline, true);
        (void)timeline_forward(timeline, now);
        timeline_set_always(timeline, false);
    }
}

const struct trace_event *timeline_last_event(struct timeline *timeline,
                                              struct timeline_position *position)
{
    find_last(timeline);
    if (!timeline->moment.last_known)
        return NULL;
    *position = timeline->moment.last_at;
    return &timeline->moment.last;
}
