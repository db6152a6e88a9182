/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * gradeclass.h - the submissions of a class graded at once, into one table (CSV): a line for each
 * student, in the order of their names.
 */
#ifndef PZ_TOOLS_GRADECLASS_H
#define PZ_TOOLS_GRADECLASS_H

#include "tools/exercise.h"
#include "tools/options.h"

/* All of options->students; the table goes to options->output. */
enum pz_err gradeclass(const struct options *options, const struct exercise *exercise,
                       struct problem *problem) PZ_MUST_CHECK;

#endif
