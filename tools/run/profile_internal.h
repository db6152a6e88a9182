/* SPDX-License-Identifier: GPL-2.0-or-later */
/* profile_internal.h - what the file and the tables of a profile share. */
#ifndef PZ_TOOLS_RUN_PROFILE_INTERNAL_H
#define PZ_TOOLS_RUN_PROFILE_INTERNAL_H

#include "tools/run/profile.h"

/* A part of the monitor's work for one VM; `part` NULL: `action` has no parts. */
typedef void profile_monitor_part(void *owner, unsigned vm, const char *action,
                                  const char *part, struct profile_weight weight);
void profile_each_part(const struct profile *profile, unsigned vm, profile_monitor_part *each,
                       void *owner);

uint64_t profile_unit(const struct profile *profile, struct profile_weight weight);

#endif
