/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * shadow_root.h - the roots of a VM's shadows: one for each address space that was in use lately,
 * found by its key. If room is needed, the least recently entered one is evicted. For the files
 * of the shadow only; entering a root is in shadow.h.
 */
#ifndef PZ_VMM_SHADOW_ROOT_H
#define PZ_VMM_SHADOW_ROOT_H

#include "vmm/shadow.h"

/*
 * Make room: evict the oldest other root, or if there is none, the contents of the current one; but
 * only if that frees `least` tables or more. False: nothing could be evicted.
 */
bool shadow_root_evict(struct shadow *shadow, uint32_t least) PZ_MUST_CHECK;

/* Destroy a root: its tables are freed, the engine is notified. */
void shadow_root_free(struct shadow *shadow, struct shadow_root *root);

#endif
