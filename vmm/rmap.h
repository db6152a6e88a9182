/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * rmap.h - the reverse map: from a machine page to the shadow entries that map it, so that
 * rights can be removed from all of them. Linked lists, whose links lie in pages parallel to the
 * shadow leaf tables, entry for entry. An entry is identified by its machine address.
 */
#ifndef PZ_VMM_RMAP_H
#define PZ_VMM_RMAP_H

#include "vmm/allocate.h"

/* `entry`, in a shadow leaf table, maps `page` from now on. It must be in no list. */
void rmap_add(struct allocator *allocator, struct mpa page, struct mpa entry);

/* It no longer does. */
void rmap_remove(struct allocator *allocator, struct mpa page, struct mpa entry);

/* The first entry that maps `page`, and the one after `entry`: MPA_NONE at the end. */
struct mpa rmap_first(const struct allocator *allocator, struct mpa page);
struct mpa rmap_next(const struct allocator *allocator, struct mpa entry);

#endif
