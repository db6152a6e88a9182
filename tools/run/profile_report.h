/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * profile_report.h - what a profile has found: the file of folded stacks, a summary for people,
 * and a part of the run's JSON document.
 */
#ifndef PZ_TOOLS_RUN_PROFILE_REPORT_H
#define PZ_TOOLS_RUN_PROFILE_REPORT_H

#include <jansson.h>

#include "tools/run/profile.h"

/* Write the file, and close it. Nothing to do where there is no profile. */
enum pz_err profile_write(struct profile *profile, struct problem *problem) PZ_MUST_CHECK;

/* Its lines, in order. False: some are missing, for want of memory or of room in the file. */
bool profile_fold(const struct profile *profile, FILE *file) PZ_MUST_CHECK;

/* Guest and monitor, and the functions that had the most, `width` columns wide at the most. */
void profile_summary(FILE *out, const struct profile *profile, unsigned width);

json_t *profile_document(const struct profile *profile);

#endif
