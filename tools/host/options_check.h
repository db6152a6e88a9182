/* SPDX-License-Identifier: GPL-2.0-or-later */
/* options_check.h - checks of options against each other. */
#ifndef PZ_TOOLS_HOST_OPTIONS_CHECK_H
#define PZ_TOOLS_HOST_OPTIONS_CHECK_H

#include "tools/host/options.h"

/*
 * Read the words after a command's name (argv[0]), check them, and fill in how many VMs there are.
 * To be freed with options_free() whatever comes back.
 */
enum pz_err options_read(struct options *options, options_sets sets, int argc, char **argv,
                         struct problem *problem) PZ_MUST_CHECK;

/* Two names of one file, or one name of a file that does not exist. */
bool options_same_file(const char *a, const char *b);

/* VM `k`'s of a list; 0: nothing was given. */
uint32_t options_percent(const struct percents *percents, unsigned k);

/* pz report: are the files results of pz grade, "*.json", rather than kernels or a recording? */
bool options_name_results(const struct options *options);

#endif
