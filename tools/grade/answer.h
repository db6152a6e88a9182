/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * answer.h - the expected result of a run, and a student's prediction of it: figures and words
 * compared with those of grader.json or of the machine.
 */
#ifndef PZ_TOOLS_GRADE_ANSWER_H
#define PZ_TOOLS_GRADE_ANSWER_H

#include "tools/grade/check.h"
#include "tools/verify/verify.h"

/*
 * Does the run come to what `expect` says? If not, the three texts, each of `room` bytes, say what
 * is wrong. NULL expects that the guest shuts down.
 */
bool grade_answer_expected(const json_t *expect, const struct lockstep *lockstep, char *message,
                           char *expected, char *got, size_t room) PZ_MUST_CHECK;

#define ANSWER_VALUE 200 /* bytes of an answer at the most */

/* What the student answers to the check's question. False: nothing, and the message says so. */
bool grade_answer_said(const struct grade_run *run, char said[ANSWER_VALUE], char *message,
                       size_t room) PZ_MUST_CHECK;

/* Is the answer right? `lockstep` is the run it is about, NULL if it is about none. */
bool grade_answer_right(const struct grade_run *run, const struct lockstep *lockstep,
                        char *message, char *expected, char *got, size_t room) PZ_MUST_CHECK;

/* What is counted: "exits", "emulated", an action, an instruction or a CSR (examples/README.md). */
bool grade_answer_counted(const struct trace_counters *counters, const char *name,
                          uint64_t *value) PZ_MUST_CHECK;

/* Does an answer give this number, within a percentage? */
bool grade_answer_near(const char *said, uint64_t value, uint64_t percent) PZ_MUST_CHECK;

#endif
