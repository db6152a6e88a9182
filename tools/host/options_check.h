/* SPDX-License-Identifier: GPL-2.0-or-later */
/* options_check.h - does what the options say go together? */
#ifndef PZ_TOOLS_HOST_OPTIONS_CHECK_H
#define PZ_TOOLS_HOST_OPTIONS_CHECK_H

#include "tools/host/options.h"

/* After the last word has been read; fills in how many VMs there are. */
enum pz_err options_check(struct options *options, struct problem *problem) PZ_MUST_CHECK;

/* Two names of one file, or one name of a file that does not exist. */
bool options_same_file(const char *a, const char *b);

#endif
