/* SPDX-License-Identifier: GPL-2.0-or-later */
/* nearest.h - "did you mean ...?": the name nearest to one that does not exist. */
#ifndef PZ_TOOLS_BASE_NEAREST_H
#define PZ_TOOLS_BASE_NEAREST_H

#include <stddef.h>

#include "tools/base/problem.h"

/* The name nearest to `text`, if one is near enough to be a likely typo; else NULL. */
const char *nearest_name(const char *text, const char *const *names, unsigned count);

/*
 * The same among the rows of a table, `stride` bytes each: `names` is the first row's name.
 *     nearest_row(word, &commands[0].name, COMMANDS, sizeof commands[0])
 */
const char *nearest_row(const char *text, const char *const *names, unsigned count,
                        size_t stride);

/* For the end of a message: ": did you mean 'run'?", or "" if `name` is NULL. */
#define NEAREST_HINT 96
const char *nearest_hint(const char *name, char hint[NEAREST_HINT]);

/*
 * PZ_USAGE: there is no such row. `kind` is what the rows are, `lister` the command that lists
 * them.
 */
enum pz_err nearest_refuse(const char *kind, const char *text, const char *const *names,
                           unsigned count, size_t stride, const char *lister,
                           struct problem *problem) PZ_MUST_CHECK;

#endif
