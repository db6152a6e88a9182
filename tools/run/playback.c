/* SPDX-License-Identifier: GPL-2.0-or-later */
/* playback.c - replays a run in a debugger without points, moving to instruction counts. */
#include "tools/run/playback.h"

#include <stdlib.h>
#include <string.h>

#include "tools/base/base.h"

static enum pz_err open_debug(struct playback *playback, struct problem *problem)
{
    playback->debug = calloc(1, sizeof *playback->debug);
    if (!playback->debug)
        return problem_memory(problem, "the debugger");
    playback->options.json = true; /* consoles are kept */
    return debug_open(playback->debug, &playback->options, false, problem);
}

static enum pz_err open_recording(struct playback *playback, const struct options *options,
                                  struct problem *problem)
{
    enum pz_err err = recording_open(&playback->recording, playback->name, problem);

    if (!err)
        err = recording_part_open(&playback->part, &playback->recording, problem);
    if (!err)
        playback->options = debug_recorded_options(options, &playback->recording);
    return err;
}

enum pz_err playback_open(struct playback *playback, const struct options *options,
                          const char *recording, struct problem *problem)
{
    enum pz_err err = PZ_OK;

    memset(playback, 0, sizeof *playback);
    playback->name = recording;
    playback->options = *options;
    if (recording)
        err = open_recording(playback, options, problem);
    else if (options->kernels.count)
        playback->name = options->kernels.at[0];
    return err ? err : open_debug(playback, problem);
}

void playback_close(struct playback *playback)
{
    if (playback->debug)
        debug_close(playback->debug);
    free(playback->debug);
    recording_part_close(&playback->part);
    recording_close(&playback->recording);
}

static enum pz_err check(const struct playback *playback, struct problem *problem)
{
    if (playback->debug->stop != DEBUG_DIVERGED)
        return PZ_OK;
    return problem_set(problem, PZ_USAGE, "%.200s: not the run that was recorded: %.200s",
                       playback->name, timeline_problem(playback->debug->timeline));
}

enum pz_err playback_end(struct playback *playback, struct problem *problem)
{
    struct debug_goal on = {.points = true};

    debug_run(playback->debug, &on);
    return check(playback, problem);
}

uint64_t playback_retired(const struct playback *playback, unsigned vm)
{
    return vm_retired(&playback->debug->machine->vms[vm]);
}

/*
 * Several states can have one count: traps that the guest takes retire nothing. Coming from a lower
 * count, the first of them is the one that is come to.
 */
enum pz_err playback_goto(struct playback *playback, unsigned vm, uint64_t retired,
                          struct problem *problem)
{
    struct debug *debug = playback->debug;
    enum pz_err err;

    debug->vm = vm;
    if (!retired) {
        debug_goto(debug, (struct timeline_position){0, 0});
        return check(playback, problem);
    }
    if (playback_retired(playback, vm) >= retired)
        debug_goto_retired(debug, retired - 1);
    err = check(playback, problem);
    if (err)
        return err;
    debug_goto_retired(debug, retired);
    return check(playback, problem);
}
