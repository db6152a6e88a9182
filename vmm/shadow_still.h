/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * shadow_still.h - guest tables that do not change, under `lazy`: at each fence all entries derived
 * from a table are compared with it. If that has found nothing often enough, its page is write-
 * protected, and nothing is compared before a store to it has trapped. So a kernel's own table
 * costs nothing at a fence, and one that changes costs no more than twice what it did. For the
 * files of the shadow only.
 *
 * The invariant: while a leaf table has a `guest_table`, that page is watched (`traced`), has not
 * been written, and gives each of the leaf table's entries.
 */
#ifndef PZ_VMM_SHADOW_STILL_H
#define PZ_VMM_SHADOW_STILL_H

#include "vmm/shadow.h"

/*
 * So many entries have been compared for nothing when the table is watched: that has cost about as
 * much as the exit of a store to it. Each such exit doubles the number.
 */
#define SHADOW_STILL_PRICE 512u
#define SHADOW_STILL_DOUBLED 6u /* at the most */

/* Is each entry of `leaf` known to be given by the guest's table at `table`? */
bool shadow_still(const struct shadow *shadow, struct mpa leaf, struct mpa table);

/*
 * They have been compared with it, the guest's page `number`; `gone` were not given, and have been
 * dropped.
 */
void shadow_still_compared(struct shadow *shadow, struct mpa leaf, struct mpa table,
                           uint32_t number, unsigned gone);

/* An entry is about to be made in `leaf`, of what `table` gives now. MPA_NONE: of no table. */
void shadow_still_fill(struct shadow *shadow, struct mpa leaf, struct mpa table);

#endif
