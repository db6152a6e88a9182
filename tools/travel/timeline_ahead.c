/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * timeline_ahead.c - working ahead of a move backwards. The machine goes to the last checkpoint
 * before the place that will be wanted, and from there towards it, a piece at a time; it comes back
 * when a checkpoint has been taken there, or when it is called back before that.
 */
#include "tools/travel/timeline_internal.h"

/* Instructions that run in a few milliseconds: so far before a place is near, and ... */
#define NEAR 65536u
/* ... up to here it still is, so that a few steps back find it near. */
#define STILL_NEAR (4 * NEAR)

static bool has_near(const struct timeline *timeline, uint64_t to)
{
    const struct history *history = &timeline->history;
    int index = history_find(history, (struct timeline_position){to, 0});

    return index < 0 || to - history->entries[index].at.retired <= STILL_NEAR;
}

/* False: there is no room to remember this place. */
static bool leave(struct timeline *timeline, uint64_t to)
{
    struct timeline_position now = timeline_now(timeline);
    const struct history *history = &timeline->history;
    int here;

    timeline_take(timeline);
    here = history_find(history, now);
    if (here < 0 || timeline_compare(history->entries[here].at, now))
        return false;
    timeline->ahead = (struct timeline_ahead){.away = true, .near = to - NEAR, .home = now};
    timeline_restore(timeline,
                     (unsigned)history_find(history, (struct timeline_position){to, 0}));
    timeline->ahead.from = timeline->retired;
    return true;
}

bool timeline_prepare(struct timeline *timeline, uint64_t to, uint64_t insns)
{
    struct timeline_position piece = {0};

    if (!timeline->ahead.away && (has_near(timeline, to) || !leave(timeline, to)))
        return false;
    piece.retired = timeline->retired + insns;
    if (piece.retired > timeline->ahead.near)
        piece.retired = timeline->ahead.near;
    if (timeline_forward(timeline, piece) == TIMELINE_REACHED &&
        timeline->retired < timeline->ahead.near)
        return true;
    timeline_take(timeline);
    timeline_return(timeline);
    return false;
}

/* Called back before that, it need not begin anew if it has come far. */
void timeline_return(struct timeline *timeline)
{
    struct timeline_ahead *ahead = &timeline->ahead;

    if (!ahead->away)
        return;
    ahead->away = false;
    if (timeline->retired < ahead->near && timeline->retired - ahead->from > STILL_NEAR)
        timeline_take(timeline);
    (void)timeline_goto(timeline, ahead->home);
}
