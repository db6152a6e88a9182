/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * shadow_keep.h - selective fences: SFENCE.VMA requires that the guest's current table be honoured
 * from now on, not that entries be dropped. Entries that a walk would make again stay, as do the
 * engine's caches of them. Internal to the shadow_*.c files.
 */
#ifndef PZ_VMM_SHADOW_KEEP_H
#define PZ_VMM_SHADOW_KEEP_H

#include "vmm/shadow.h"

/* A root with more entries is emptied: comparing them all might cost more than it saves. */
#define SHADOW_KEEP_MOST 4096u

/* Drop entries that the guest's table no longer gives: the one for an address; all of a root's. */
void shadow_keep_address(struct shadow *shadow, const struct shadow_root *root, uint32_t va);
void shadow_keep_root(struct shadow *shadow, struct shadow_root *root);

#endif
