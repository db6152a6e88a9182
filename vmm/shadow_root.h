/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * shadow_root.h - the roots of a VM's shadows: one for each address space that was in use lately,
 * found by its key. Whoever needs room takes the one that was entered longest ago. For the files
 * of the shadow only; entering a root is in shadow.h.
 */
#ifndef PZ_VMM_SHADOW_ROOT_H
#define PZ_VMM_SHADOW_ROOT_H

#include "vmm/shadow.h"

/*
 * Make room: the oldest other root goes, or if there is none, what the current one holds; but
 * only if that is `least` tables or more. False: nothing could go.
 */
bool shadow_root_evict(struct shadow *shadow, uint32_t least) PZ_MUST_CHECK;

/* A root is no more: its tables go back, the engine is told. */
void shadow_root_free(struct shadow *shadow, struct shadow_root *root);

#endif
