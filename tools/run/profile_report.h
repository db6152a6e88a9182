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

/* ---- Sums (profile_functions.c) ---- */

#define PROFILE_NAME 128 /* bytes that hold a function's name for people, cut if need be */

/* A function in all the stacks of all VMs. */
struct profile_function {
    bool user;
    const struct program *program;
    struct profile_frame frame;
    struct profile_weight self, total; /* total: with what it called */
};

/* Those with the most of their own first; to be freed. NULL: none, or no memory. */
struct profile_function *profile_functions(const struct profile *profile, size_t *count);

/* Who runs: "kernel", a program's name, or "[unknown]". */
const char *profile_who(bool user, const struct program *program);

/* A function's name; what has none is named by its page. */
const char *profile_name(const struct profile_frame *frame, char name[PROFILE_NAME]);

/* In all: the guests in user mode, in supervisor mode, and the monitor. */
struct profile_split {
    struct profile_weight user, kernel, monitor;
};
struct profile_split profile_split(const struct profile *profile);

#endif
