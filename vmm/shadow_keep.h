/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * shadow_keep.h - what a fence leaves: SFENCE.VMA asks that the guest's table as it is now count
 * from here on, not that anything be dropped. Entries that a walk would make again stay, and the
 * engine's caches of them. For the files of the shadow only.
 */
#ifndef PZ_VMM_SHADOW_KEEP_H
#define PZ_VMM_SHADOW_KEEP_H

#include "vmm/shadow.h"

/* A root of more entries is emptied: to compare them all might cost more than it saves. */
#define SHADOW_KEEP_MOST 4096u

/* Drop what the guest's table does not give any more: for one address; for all of a root's. */
void shadow_keep_address(struct shadow *shadow, const struct shadow_root *root, uint32_t va);
void shadow_keep_root(struct shadow *shadow, struct shadow_root *root);

#endif
