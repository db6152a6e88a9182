/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * shadow_still.h - guest tables that do not change, under `lazy`. A fence compares all entries
 * derived from a table with it. After enough comparisons without a difference, the table's page is
 * write-protected, and comparisons stop until a store to it traps. So an unchanging kernel table
 * costs nothing at a fence, and a changing one at most twice as much as without this. Internal to
 * the shadow_*.c files.
 *
 * The invariant: while a leaf table has a `guest_table`, that page is watched (`traced`), has not
 * been written, and gives each of the leaf table's entries.
 */
#ifndef PZ_VMM_SHADOW_STILL_H
#define PZ_VMM_SHADOW_STILL_H

#include "vmm/shadow.h"

/*
 * A table is watched after this many comparisons without a difference: they cost about as much as
 * the exit for a store to it. Each such exit doubles the number.
 */
#define SHADOW_STILL_PRICE 512u
#define SHADOW_STILL_DOUBLED 6u /* limit on doublings */

/* Is `leaf` known to agree with the guest's table at `table`? */
bool shadow_still(const struct shadow *shadow, struct mpa leaf, struct mpa table);

/*
 * The entries of `leaf` have been compared with the table, which is guest page `number`; `gone`
 * entries differed and have been dropped.
 */
void shadow_still_compared(struct shadow *shadow, struct mpa leaf, struct mpa table,
                           uint32_t number, unsigned gone);

/* An entry derived from `table` is about to be made in `leaf`. MPA_NONE: from no table. */
void shadow_still_fill(struct shadow *shadow, struct mpa leaf, struct mpa table);

#endif
