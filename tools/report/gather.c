/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * gather.c - runs a machine's timeline from its beginning to its end, without checkpoints: each
 * call of it is a stay of one VM on the CPU, or a part of one up to the profile's next sample.
 */
#include "tools/report/gather.h"

#include <stdlib.h>
#include <string.h>

#define PROGRESS_AFTER_NS 2000000000u
#define PROGRESS_EVERY_NS 500000000u

static bool on_event(void *owner, struct timeline *timeline, const struct trace_event *event)
{
    struct gather *gather = owner;

    (void)timeline;
    if (event->translated || !event->vm || event->vm > gather->machine->count)
        return false;
    exits_add(&gather->exits, event);
    if (event->action != TRACE_SWITCH && event->cause == CAUSE_ECALL_USER)
        gather->user_satps[event->vm - 1] = gather->machine->vms[event->vm - 1].cpu->hart.satp;
    return event->action == TRACE_SWITCH;
}

uint64_t gather_retired(const struct gather *gather)
{
    uint64_t sum = 0;

    for (unsigned k = 0; k < gather->machine->count; k++)
        sum += vm_retired(&gather->machine->vms[k]);
    return sum;
}

static void show_progress(struct gather *gather)
{
    uint64_t now = machine_clock(NULL);
    char number[TEXT_NUMBER];

    if (now - gather->start < PROGRESS_AFTER_NS || now - gather->shown < PROGRESS_EVERY_NS)
        return;
    gather->shown = now;
    progress_show("%s instructions", text_grouped(gather_retired(gather), number));
}

/* False: the run is over. */
static bool run_stay(struct gather *gather)
{
    struct timeline *timeline = gather->playback.debug->timeline;
    const struct timeline_stop stop = {.event = on_event, .owner = gather};
    struct timeline_position limit = timeline_now(timeline);
    struct vm *vm = timeline_vm(timeline);
    unsigned k = vm ? machine_index(gather->machine, vm) : 0;
    struct profile_stay stay = profile_enter(&gather->profile, k);
    enum timeline_result result;

    if (!vm)
        return false;
    limit.retired += profile_due(&gather->profile, k);
    limit.events = 0;
    result = timeline_run(timeline, limit, &stop);
    profile_leave(&gather->profile, &stay);
    gather->diverged = result == TIMELINE_DIVERGED;
    return result == TIMELINE_REACHED || result == TIMELINE_STOPPED;
}

static enum pz_err run(struct gather *gather, struct problem *problem)
{
    gather->start = machine_clock(NULL);
    while (run_stay(gather))
        if (terminal_signal()) {
            gather->cut = true;
            break;
        } else {
            show_progress(gather);
        }
    progress_end();
    profile_stop(&gather->profile);
    if (!gather->diverged)
        return PZ_OK;
    return problem_set(problem, PZ_USAGE, "%.200s: not the run that was recorded: %.200s",
                       gather->recording, timeline_problem(gather->playback.debug->timeline));
}

static enum pz_err begin(struct gather *gather, struct problem *problem)
{
    struct playback *playback = &gather->playback;
    unsigned count;
    enum pz_err err;

    playback->options.profile_interval = gather->options.profile_interval;
    gather->machine = playback->debug->machine;
    count = gather->machine->count;
    gather->user_satps = calloc(count, sizeof *gather->user_satps);
    if (!gather->user_satps || !exits_open(&gather->exits, count))
        return problem_memory(problem, "the report");
    err = profile_begin(&gather->profile, &playback->options, gather->machine, problem);
    return err ? err : profile_start(&gather->profile, problem);
}

enum pz_err gather_open(struct gather *gather, const struct options *options,
                        const char *recording, struct problem *problem)
{
    enum pz_err err;

    memset(gather, 0, sizeof *gather);
    gather->recording = recording;
    gather->options = *options;
    gather->options.checkpoint_every = INT64_MAX;
    if (options->max_insns == UINT64_MAX)
        gather->options.max_insns = GATHER_INSNS;
    terminal_catch_signals();
    err = playback_open(&gather->playback, &gather->options, recording, problem);
    if (!err)
        err = begin(gather, problem);
    return err ? err : run(gather, problem);
}

void gather_close(struct gather *gather)
{
    profile_free(&gather->profile);
    exits_close(&gather->exits);
    free(gather->user_satps);
    playback_close(&gather->playback);
}
