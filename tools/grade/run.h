/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * run.h - performs one check, in the box's process. What comes of it is a JSON object:
 *
 *    pass      did it?                     message   what is wrong, in a sentence
 *    expected  what should have been       got       what was
 *    retired   where it shows: instructions of VM 0
 *    turns, consoles                       of the run, for a recording (recording.h)
 *    ended      the student's code has ended its process, and the check with it: "end" (enum
 *               box_end), "signal", "status", "where"
 *    cpu_ms     CPU time that the student's code has used
 *
 * The student's code is not in this process, but in one beside it (partproc.h).
 */
#ifndef PZ_TOOLS_GRADE_RUN_H
#define PZ_TOOLS_GRADE_RUN_H

#include "tools/grade/check.h"
#include "tools/sandbox/sandbox.h"

/* For box_run(); `owner` is a struct grade_run. */
bool grade_run_prepare(void *owner) PZ_MUST_CHECK;
json_t *grade_run_check(void *owner);

#endif
