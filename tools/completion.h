/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * completion.h - scripts for shells that complete commands, options and their values, made from
 * the table of commands and the table of options.
 */
#ifndef PZ_TOOLS_COMPLETION_H
#define PZ_TOOLS_COMPLETION_H

#include "tools/command.h"

/* Print the script of a shell: bash, zsh or fish. */
enum pz_err completion_print(FILE *out, const char *shell,
                             struct problem *problem) PZ_MUST_CHECK;

#endif
