/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * bill.h - answers about bills. A bill is what `pz compare --json` counts of a run, without the
 * technique's name: bills.json of the exercise has some. Nothing is compared with a right answer
 * that somebody has written down; the guest is run instead.
 */
#ifndef PZ_TOOLS_GRADE_BILL_H
#define PZ_TOOLS_GRADE_BILL_H

#include "tools/grade/check.h"

/*
 * EXERCISE_TECHNIQUE: does the check's guest, run under the technique that the student names, cause
 * the exits of the bill? If not, the three texts, each of `room` bytes, say what differs. An error
 * is the exercise's or the host's.
 */
enum pz_err grade_bill_technique(const struct grade_run *run, bool *right, char *message,
                                 char *expected, char *got, size_t room,
                                 struct problem *problem) PZ_MUST_CHECK;

/*
 * EXERCISE_PROOF: is the figure that the student names in the bill, and is it zero there and with
 * no other technique, or zero with all others and not there?
 */
enum pz_err grade_bill_proof(const struct grade_run *run, bool *right, char *message,
                             char *expected, char *got, size_t room,
                             struct problem *problem) PZ_MUST_CHECK;

#endif
