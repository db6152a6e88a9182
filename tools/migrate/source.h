/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * source.h - the side of a migration that a machine leaves. Its VMs run on while their memory is
 * sent, round after round what was written meanwhile (vmm/dirty.h); they stop when little is left.
 * From when it has told the target to take them it never lets them run again, unless it knows that
 * the target does not.
 */
#ifndef PZ_TOOLS_MIGRATE_SOURCE_H
#define PZ_TOOLS_MIGRATE_SOURCE_H

#include "tools/migrate/source_state.h"

/* Nothing is under way. */
void source_open(struct source *source, const struct options *options, struct machine *machine,
                 struct session *session, struct recorder *recorder);

/* The run ends: whatever is under way is given up. */
void source_close(struct source *source);

/* Begin. What is wrong, or NULL. */
const char *source_start(struct source *source, const struct source_order *order);

/* Between two turns: go on. */
void source_look(struct source *source);

/* The VMs must not run here, now. */
bool source_holds(const struct source *source);

/* Wait up to `ms` for the other side. */
void source_wait(const struct source *source, int ms);

/* In doubt, somebody who knows says that the VMs do not run there: they go on here. */
bool source_take_back(struct source *source);

/* How it stands, as fields; and, once, how it came out. NULL: it has not. */
json_t *source_status(const struct source *source);
json_t *source_result(struct source *source);

#endif
