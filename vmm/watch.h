/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * watch.h - the policy `trace`: a guest page that serves as a page table is write-protected in
 * every shadow; each write to it traps to the monitor, and drops just those shadow entries that
 * were derived from what it overwrites. So shadows match the guest's tables at all times, and
 * SFENCE.VMA has nothing to do.
 *
 * Under `lazy`, tables are watched while they do not change: shadow_still.h.
 */
#ifndef PZ_VMM_WATCH_H
#define PZ_VMM_WATCH_H

#include "vmm/shadow.h"

/* After this many writes without a walk in between, a page no longer counts as a page table. */
#define WATCH_WRITES_MOST 16u

/* Watch the mapping's guest tables, from which the current root and `leaf` are derived. */
void watch_link(struct shadow *shadow, struct mpa leaf, const struct shadow_mapping *mapping);

/*
 * Watch a guest's table, and record that `leaf` is derived from it, unless `leaf` already has a
 * guest table.
 */
void watch_start(struct shadow *shadow, struct mpa table);
void watch_leaf(struct shadow *shadow, struct mpa leaf, struct mpa table);

/* The leaf table is about to be freed, or no longer counts as derived from its guest table. */
void watch_unlink(struct shadow *shadow, struct mpa leaf);

/* Was the leaf table derived from the same guest table as the mapping? */
bool watch_matches(const struct shadow *shadow, struct mpa leaf,
                   const struct shadow_mapping *mapping);

/*
 * `len` bytes of one page were written: drop the entries derived from them; lazy: stop watching it.
 */
void watch_wrote(struct shadow *shadow, struct mpa mpa, uint32_t len);

/*
 * The guest stores to a watched page. True: it is still worth watching, and the store must be
 * emulated. False: it is no longer watched, and may be mapped writable.
 */
bool watch_store(struct shadow *shadow, struct mpa page) PZ_MUST_CHECK;

/* Stop watching the page: nothing derived from it remains, or is recorded as such. */
void watch_stop(struct shadow *shadow, struct mpa page);

#endif
