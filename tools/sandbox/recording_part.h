/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * recording_part.h - a recording with a student's file in it (grade/replay.h), made ready to run
 * again: the file is compiled once more and its parts stand in the monitor. It then runs in this
 * process, which gives up the right to change files and start programs for it.
 */
#ifndef PZ_TOOLS_SANDBOX_RECORDING_PART_H
#define PZ_TOOLS_SANDBOX_RECORDING_PART_H

#include "tools/sandbox/partfile.h"
#include "tools/travel/travel.h"

struct recording_part {
    struct partfile file;
};

/*
 * Load the recording's part, if it has one, and set its options to it. A source that has changed
 * since is refused. To be closed, before the recording, whatever comes back.
 */
enum pz_err recording_part_open(struct recording_part *part, struct recording *recording,
                                struct problem *problem) PZ_MUST_CHECK;
void recording_part_close(struct recording_part *part);

#endif
