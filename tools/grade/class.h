/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * class.h - the submissions of a class graded at once, into one table (CSV): a line for each
 * student, in the order of their names.
 */
#ifndef PZ_TOOLS_GRADE_CLASS_H
#define PZ_TOOLS_GRADE_CLASS_H

#include "tools/grade/exercise.h"
#include "tools/host/host.h"

/* All of options->students; the table goes to options->output. */
enum pz_err gradeclass(const struct options *options, const struct exercise *exercise,
                       struct problem *problem) PZ_MUST_CHECK;

#endif
