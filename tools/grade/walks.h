/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * walks.h - the part `two_stage` on random page tables of both stages, compared with
 * sv32_translate(): the result, the address, what a guest-page fault reports, and A and D.
 */
#ifndef PZ_TOOLS_GRADE_WALKS_H
#define PZ_TOOLS_GRADE_WALKS_H

#include "tools/grade/exercise.h"
#include "tools/host/host.h"

/*
 * Tables are such that all is allowed, but for what the words in `check->walks` name:
 *
 *   first     rights of the first stage's leaf, and SUM and MXR
 *   second    rights of the second stage, for what the first leads to
 *   tables    rights of the second stage, for the first stage's own tables
 *   user      U in entries of the second stage
 *   accessed  A and D in all leaves
 *   high      guest-physical addresses of up to 34 bits, not 32
 *   super     superpages in both stages, also misaligned ones
 *   bare      the first stage is off
 *
 * `memory` is what the part's process sees as well; NULL: the part is in this process. The texts
 * have `room` bytes each. An error is the exercise's or the host's.
 */
enum pz_err grade_walks(const struct exercise_check *check, sv32_walker *part,
                        struct machine_memory *memory, bool *right, char *message,
                        char *expected, char *got, size_t room,
                        struct problem *problem) PZ_MUST_CHECK;

#endif
