/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * source_put.h - what a source sends of its machine, put into its channel. False: the connection is
 * broken, or there is no memory.
 */
#ifndef PZ_TOOLS_MIGRATE_SOURCE_PUT_H
#define PZ_TOOLS_MIGRATE_SOURCE_PUT_H

#include "tools/migrate/source_state.h"

/* Some of the pages that are left. */
bool source_put_pages(struct source *source) PZ_MUST_CHECK;

/* Some more of what was recorded. `*more`: there was some. */
bool source_put_past(struct source *source, bool *more) PZ_MUST_CHECK;

/* The VMs stand still: all that was recorded since; which pages follow; and all but memory. */
bool source_send_past(struct source *source) PZ_MUST_CHECK;
bool source_put_missing(struct source *source) PZ_MUST_CHECK;
bool source_put_state(struct source *source) PZ_MUST_CHECK;

#endif
