/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * program_text.h - a random program as a file that people can read and mend: what a campaign
 * finds is kept so, and run for ever. One field a line; docs and tests name no other form.
 */
#ifndef PZ_TESTS_SUPPORT_PROGRAM_TEXT_H
#define PZ_TESTS_SUPPORT_PROGRAM_TEXT_H

#include <stdio.h>

#include "tests/support/program.h"

void program_write(const struct program *program, FILE *to);

/* False: not such a file; `line` is where. `untrapped` is left NULL. */
bool program_read(struct program *program, FILE *from, unsigned *line);

#endif
