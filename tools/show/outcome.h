/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * outcome.h - the results of a run as JSON: the counters of exits and the names of the ways a
 * machine can end, as in docs/json.md. The same as text for people is left to report.h.
 */
#ifndef PZ_TOOLS_SHOW_OUTCOME_H
#define PZ_TOOLS_SHOW_OUTCOME_H

#include <jansson.h>

#include "vmm/vmm.h"

/* Counters of exits: only those that are not zero. */
json_t *outcome_counters(const struct trace_counters *counters);

/* What sharing and paging have done, where they are on: members of `object`. */
void outcome_moving(json_t *object, const struct vmm *vmm);

/* Short fixed words for how a VM, or the bare computer, ended. */
const char *outcome_end(enum vm_end end);
const char *outcome_power(enum board_power power);

#endif
