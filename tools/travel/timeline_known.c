/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * timeline_known.c - how far the run is known, and counting the exits of what is known. The monitor
 * stores its events in a buffer while it runs what is new. What is known is run again without one,
 * up to the furthest place and not across it; there may be events left of it at the last count,
 * which are passed over.
 */
#include <stdlib.h>

#include "tools/travel/timeline_internal.h"

#define KEPT 512u /* events: they are counted when a step ends, or there are so many */

struct timeline_position timeline_known(const struct timeline *timeline)
{
    return timeline->known.furthest;
}

static bool is_new(const struct timeline *timeline)
{
    return timeline->retired >= timeline->known.furthest.retired;
}

/* ---- Counting ---- */

static uint64_t place_of(const struct timeline *timeline, const struct trace_event *event)
{
    const struct vm *vm = timeline->known.vm;

    return vm && vm->id == event->vm ? event->retired + timeline->known.others
                                     : timeline->retired;
}

static void count_kept(void *owner)
{
    struct timeline *timeline = owner;
    struct timeline_known *known = &timeline->known;

    for (uint32_t i = 0; i < known->kept.count; i++) {
        const struct trace_event *event = &known->kept.at[i];

        if (known->counted_before)
            known->counted_before--;
        else
            tally_add(&known->tally, place_of(timeline, event), event->vm - 1u,
                      (enum trace_action)event->action);
    }
    known->kept.count = 0;
}

enum pz_err timeline_count_exits(struct timeline *timeline, struct problem *problem)
{
    struct timeline_known *known = &timeline->known;

    known->kept = (struct trace_buffer){.at = calloc(KEPT, sizeof *known->kept.at),
                                        .room = KEPT,
                                        .full = count_kept,
                                        .owner = timeline};
    if (!known->kept.at)
        return problem_memory(problem, "counting exits");
    return tally_open(&known->tally, timeline->machine.count, timeline->retired, problem);
}

const struct tally *timeline_exits(const struct timeline *timeline)
{
    const struct tally *tally = &timeline->known.tally;

    return tally->rows && !tally->lost ? tally : NULL;
}

/* ---- Running ---- */

void known_before_turn(struct timeline *timeline)
{
    struct timeline_known *known = &timeline->known;
    struct timeline_position now = timeline_now(timeline);

    if (!known->kept.at)
        return;
    timeline->machine.vmm.host.kept = is_new(timeline) ? &known->kept : NULL;
    known->vm = NULL;
    known->counted_before = 0;
    if (now.retired == known->furthest.retired && now.events < known->furthest.events)
        known->counted_before = known->furthest.events - now.events;
}

void known_in_turn(struct timeline *timeline, const struct vm *vm)
{
    struct timeline_known *known = &timeline->known;

    known->vm = vm;
    known->others = vm ? timeline->retired - vm_retired(vm) : 0;
    known_after(timeline);
}

uint64_t known_cut(const struct timeline *timeline, uint64_t cut)
{
    uint64_t left = timeline->known.furthest.retired - timeline->retired;

    return timeline->known.kept.at && !is_new(timeline) && left < cut ? left : cut;
}

void known_after(struct timeline *timeline)
{
    struct timeline_known *known = &timeline->known;
    struct timeline_position now = timeline_now(timeline);

    count_kept(timeline);
    if (timeline_compare(now, known->furthest) > 0)
        known->furthest = now;
}

void known_rerun(struct timeline *timeline, uint64_t from)
{
    uint64_t furthest = timeline->known.furthest.retired;

    if (from < furthest)
        timeline->rerun += (timeline->retired < furthest ? timeline->retired : furthest) - from;
}

void known_restart(struct timeline *timeline)
{
    timeline->known.furthest = timeline_now(timeline);
    if (timeline->known.tally.rows)
        tally_begin(&timeline->known.tally, timeline->retired);
}

void known_close(struct timeline *timeline)
{
    tally_close(&timeline->known.tally);
    free(timeline->known.kept.at);
}
