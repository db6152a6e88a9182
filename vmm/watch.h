/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * watch.h - the policy `trace`: a guest page that serves as a page table is write-protected in
 * every shadow; each write to it comes to the monitor, and drops just those shadow entries that
 * were made from what it overwrites. So shadows are in step with the guest's tables at all
 * times, and SFENCE.VMA has nothing to do.
 */
#ifndef PZ_VMM_WATCH_H
#define PZ_VMM_WATCH_H

#include "vmm/shadow.h"

/* Writes without a walk in between, after which a page counts as no page table any more. */
#define WATCH_WRITES_MOST 16u

/* The current root and `leaf` are made from the mapping's guest tables: watch those. */
void watch_link(struct shadow *shadow, struct mpa leaf, const struct shadow_mapping *mapping);

/* A leaf table is about to go. */
void watch_unlink(struct shadow *shadow, struct mpa leaf);

/* Was the leaf table made from the same guest table as the mapping? */
bool watch_matches(const struct shadow *shadow, struct mpa leaf,
                   const struct shadow_mapping *mapping);

/* `len` bytes of one page were written: drop what was made from them. */
void watch_wrote(struct shadow *shadow, struct mpa mpa, uint32_t len);

/*
 * The guest stores to a watched page. True: it is worth watching still, and the store must be
 * emulated. False: no longer watched, it may be mapped writable.
 */
bool watch_store(struct shadow *shadow, struct mpa page) PZ_MUST_CHECK;

#endif
