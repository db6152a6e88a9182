/* SPDX-License-Identifier: GPL-2.0-or-later */
/* profile_internal.h - what the file and the tables of a profile share. */
#ifndef PZ_TOOLS_RUN_PROFILE_INTERNAL_H
#define PZ_TOOLS_RUN_PROFILE_INTERNAL_H

#include "tools/run/profile.h"

#define PROFILE_NAME 128 /* bytes that hold a function's name for people, cut if need be */

/* A part of the monitor's work for one VM; `part` NULL: `action` has no parts. */
typedef void profile_monitor_part(void *owner, unsigned vm, const char *action,
                                  const char *part, struct profile_weight weight);
void profile_each_part(const struct profile *profile, unsigned vm, profile_monitor_part *each,
                       void *owner);

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

uint64_t profile_unit(const struct profile *profile, struct profile_weight weight);

/* In all: the guests in user mode, in supervisor mode, and the monitor. */
struct profile_split {
    struct profile_weight user, kernel, monitor;
};
struct profile_split profile_split(const struct profile *profile);

#endif
