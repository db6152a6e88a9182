/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * shadow_prefill.h - entries made before they are needed: those around one that was. For the files
 * of the shadow only.
 */
#ifndef PZ_VMM_SHADOW_PREFILL_H
#define PZ_VMM_SHADOW_PREFILL_H

#include "vmm/shadow.h"

/* Entries that lie together: one fill looks at those that share its number divided by this. */
#define SHADOW_NEIGHBOURS 4u

/* In a leaf table of the current root an entry has been made at `index`: see to its neighbours. */
void shadow_prefill(struct shadow *shadow, struct mpa leaf, uint32_t index);

#endif
