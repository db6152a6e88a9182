/* SPDX-License-Identifier: GPL-2.0-or-later */
/* help.h - help text for a terminal, from the table of commands and the table of options. */
#ifndef PZ_TOOLS_HELP_H
#define PZ_TOOLS_HELP_H

#include "tools/command.h"

/* All commands, a line each. */
void help_overview(FILE *out);

/* One command's help. */
void help_print(FILE *out, const struct command *command);

/* `pz help`. */
enum pz_err help_command(const struct options *options, struct problem *problem);

#endif
