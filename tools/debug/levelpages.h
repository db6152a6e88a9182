/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * levelpages.h - the command `pt` for a machine inside a VM: one address through the tables of all
 * levels below it.
 */
#ifndef PZ_TOOLS_DEBUG_LEVELPAGES_H
#define PZ_TOOLS_DEBUG_LEVELPAGES_H

#include "tools/debug/state.h"

/* A virtual address of the selected level. */
void levelpages_show(struct debug *debug, uint32_t va);

/* tables.c: the walk of a table whose entries are read by `eyes`. */
void debug_say_walk(struct debug *debug, struct phys *eyes, uint32_t satp,
                    const struct sv32_walk *walk, uint32_t va);

#endif
