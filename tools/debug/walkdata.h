/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * walkdata.h - the way of one address through all tables, level by level, as data: what `pt` gives
 * programs.
 */
#ifndef PZ_TOOLS_DEBUG_WALKDATA_H
#define PZ_TOOLS_DEBUG_WALKDATA_H

#include "tools/debug/state.h"

/* The guest's own table, under `satp`. */
json_t *walkdata_guest(struct phys *eyes, uint32_t satp, const struct sv32_walk *walk,
                       enum sv32_result result, uint32_t va);

/* The pmap, which is the table of the second stage where there is one. */
json_t *walkdata_pmap(const struct vm *vm, uint64_t gpa);

/* A root of the shadow, by its index. */
json_t *walkdata_shadow(const struct vm *vm, unsigned root, uint32_t va);

#endif
