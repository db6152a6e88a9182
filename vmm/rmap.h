/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * rmap.h - the reverse map: from a machine page to the shadow entries of a VM that map it, so that
 * rights can be removed from all of them. Linked lists, whose links lie in pages parallel to the
 * shadow leaf tables, entry for entry; what was added first comes first, and is removed fastest. An
 * entry is identified by its machine address.
 */
#ifndef PZ_VMM_RMAP_H
#define PZ_VMM_RMAP_H

#include "vmm/allocate.h"

/*
 * `entry`, in a shadow leaf table, maps `page` from now on, as it is about to say itself. It must
 * be in no list.
 */
void rmap_add(struct allocator *allocator, struct mpa page, struct mpa entry);

/* It no longer does. */
void rmap_remove(struct allocator *allocator, struct mpa page, struct mpa entry);

/* The first of the owner's entries that map `page`, and the one after `entry`; or MPA_NONE. */
struct mpa rmap_first(const struct allocator *allocator, struct mpa page, uint16_t owner);
struct mpa rmap_next(const struct allocator *allocator, struct mpa page, struct mpa entry);

/*
 * Before a page can be of the kind PAGE_SHARED: so many pages, a power of two, for the heads of
 * lists. False: no memory.
 */
bool rmap_init_lists(struct allocator *allocator, uint32_t pages) PZ_MUST_CHECK;

/* The page becomes a shared one or a guest's; nobody but `owner` has entries that map it. */
void rmap_set_kind(struct allocator *allocator, struct mpa page, uint16_t owner,
                   enum page_kind kind);

#endif
