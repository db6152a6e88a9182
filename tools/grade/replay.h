/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * replay.h - a failed check as a recording (recording.h) that names the student's file, so
 * that the debugger can walk through it with the student's part in the monitor.
 */
#ifndef PZ_TOOLS_GRADE_REPLAY_H
#define PZ_TOOLS_GRADE_REPLAY_H

#include "tools/grade/check.h"

/*
 * Write one into the folder `replays`; its path goes to `path`. `part_source` is the student's
 * file, NULL for none; `verdict` what the check's process said of the run, NULL if it came to no
 * end: the recording has none then either.
 */
enum pz_err grade_replay_write(const struct grade_run *run, const char *part_source,
                               const json_t *verdict, const char *replays, const char *key,
                               char path[PATH_ROOM], struct problem *problem) PZ_MUST_CHECK;

#endif
