/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * rmap.h - the reverse map: from a machine page to the shadow entries of a VM that map it, so that
 * rights can be removed from all of them. These are linked lists whose links lie in pages parallel
 * to the shadow leaf tables, entry for entry. The oldest entry comes first, and is removed fastest.
 * An entry is identified by its machine address.
 */
#ifndef PZ_VMM_RMAP_H
#define PZ_VMM_RMAP_H

#include "vmm/allocate.h"

/* Record that `entry`, in a shadow leaf table, is about to map `page`. It must not be in a list. */
void rmap_add(struct allocator *allocator, struct mpa page, struct mpa entry);

/* Record that `entry` no longer maps `page`. */
void rmap_remove(struct allocator *allocator, struct mpa page, struct mpa entry);

/* The owner's first entry that maps `page`, and the one after `entry`; MPA_NONE at the end. */
struct mpa rmap_first(const struct allocator *allocator, struct mpa page, uint16_t owner);
struct mpa rmap_next(const struct allocator *allocator, struct mpa page, struct mpa entry);

/*
 * Allocate `pages` pages, a power of two, for the list heads that PAGE_SHARED pages need. False: no
 * memory.
 */
bool rmap_init_lists(struct allocator *allocator, uint32_t pages) PZ_MUST_CHECK;

/* Make the page a shared one, or a guest's. Only `owner` may have entries that map it. */
void rmap_set_kind(struct allocator *allocator, struct mpa page, uint16_t owner,
                   enum page_kind kind);

#endif
