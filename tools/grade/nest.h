/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * nest.h - answers about a guest inside monitors of type 1: what the outermost counts at some
 * depth, or how much more of it one guest causes than another.
 */
#ifndef PZ_TOOLS_GRADE_NEST_H
#define PZ_TOOLS_GRADE_NEST_H

#include "tools/grade/check.h"

/* Is the answer right? If not, the three texts, each of `room` bytes, say what is wrong. */
enum pz_err grade_nest(const struct grade_run *run, bool *right, char *message, char *expected,
                       char *got, size_t room, struct problem *problem) PZ_MUST_CHECK;

#endif
