/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * shadow_root.h - the roots of a VM's shadows: one for each recently used address space, found by
 * its key. When room is needed, the least recently entered root is evicted. Internal to the
 * shadow_*.c files; shadow.h has the call to enter a root.
 */
#ifndef PZ_VMM_SHADOW_ROOT_H
#define PZ_VMM_SHADOW_ROOT_H

#include "vmm/shadow.h"

/*
 * Make room: evict the oldest root other than the current one, or else the current root's contents,
 * but only if that frees at least `least` tables. False: nothing could be evicted.
 */
bool shadow_root_evict(struct shadow *shadow, uint32_t least) PZ_MUST_CHECK;

/* Destroy a root: free its tables and notify the engine. */
void shadow_root_free(struct shadow *shadow, struct shadow_root *root);

#endif
