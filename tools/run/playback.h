/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * playback.h - a run that is gone through in search of something: a recording's, or that of
 * kernels. It is brought to any retired count of one of its VMs; its consoles are kept and not
 * shown.
 */
#ifndef PZ_TOOLS_RUN_PLAYBACK_H
#define PZ_TOOLS_RUN_PLAYBACK_H

#include "tools/debug/debug.h"
#include "tools/sandbox/sandbox.h"
#include "tools/travel/travel.h"

struct playback {
    const char *name; /* of the recording, or of the kernel */
    struct recording recording;
    struct recording_part part;
    struct options options;
    struct debug *debug;
};

/* With `recording` NULL, the kernels of the options run. To be closed whatever comes back. */
enum pz_err playback_open(struct playback *playback, const struct options *options,
                          const char *recording, struct problem *problem) PZ_MUST_CHECK;
void playback_close(struct playback *playback);

/* Run to the end. A recording that does not come out as it was recorded is a problem. */
enum pz_err playback_end(struct playback *playback, struct problem *problem) PZ_MUST_CHECK;

/*
 * To the first state in which a VM has retired so many instructions; to its end, where it does not
 * retire as many. The VM is then the debugger's selected one.
 */
enum pz_err playback_goto(struct playback *playback, unsigned vm, uint64_t retired,
                          struct problem *problem) PZ_MUST_CHECK;

/* What a VM has retired now. */
uint64_t playback_retired(const struct playback *playback, unsigned vm);

#endif
