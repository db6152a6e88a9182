/* SPDX-License-Identifier: GPL-2.0-or-later */
/* manual.h - manual pages, made from the table of commands and the table of options. */
#ifndef PZ_TOOLS_MANUAL_H
#define PZ_TOOLS_MANUAL_H

#include "tools/command.h"

/*
 * Print the page of a command, pz-NAME(1), or pz(1) for NULL, in the macros of man(7). `date` is
 * the date of the source, "" if it is not known.
 */
void manual_print(FILE *out, const struct command *command, const char *date);

#endif
