/* SPDX-License-Identifier: GPL-2.0-or-later */
/* profile_functions.h - sums over a profile: by function, by mode, and their names. */
#ifndef PZ_TOOLS_RUN_PROFILE_FUNCTIONS_H
#define PZ_TOOLS_RUN_PROFILE_FUNCTIONS_H

#include "tools/run/profile.h"

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
