/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * shadow_prefill.h - makes entries in advance, next to one that was needed. Internal to the
 * shadow_*.c files.
 */
#ifndef PZ_VMM_SHADOW_PREFILL_H
#define PZ_VMM_SHADOW_PREFILL_H

#include "vmm/shadow.h"

/* A fill considers the aligned group of this many entries around it. */
#define SHADOW_NEIGHBOURS 4u

/* An entry has been made at `index` of a leaf table of the current root: fill its neighbours. */
void shadow_prefill(struct shadow *shadow, struct mpa leaf, uint32_t index);

#endif
