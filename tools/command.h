/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * command.h - the commands of pz: a table with the help, options and examples of each, and the
 * function that runs it. The table is in commands.c.
 */
#ifndef PZ_TOOLS_COMMAND_H
#define PZ_TOOLS_COMMAND_H

#include "tools/host/host.h"

struct command {
    const char *name, *summary;
    const char *usage;    /* after the name: "[options] [KERNEL...]" */
    const char *about;    /* a paragraph of --help */
    const char *examples; /* lines of --help */
    options_sets sets;
    enum pz_err (*run)(const struct options *options, struct problem *problem);
};

/* All of them, in the order in which help shows them. */
extern const struct command command_table[];
extern const unsigned command_count;

/* By name; NULL: there is none, and the problem says so and names the nearest. */
const struct command *command_find(const char *name, struct problem *problem);

#endif
