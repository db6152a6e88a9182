/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * memory.h - a VM's memory while its machine pages come and go: shared with other guests (share.h),
 * paged out (paging.h), given up by a balloon. Every access to memory on a guest's behalf goes
 * through this file; the pmap records the state of each page. Without sharing and paging, these
 * calls reduce to those of the pmap.
 *
 *             own <------ first access ------ none: reads as zero
 *       |  ^   |  ^                            ^
 * equal|  |   |  +---- access -----+          |
 *       v  |   +-- memory is short -> away     +-- given up, from any of the others
 *     shared: read-only; a write makes it own
 */
#ifndef PZ_VMM_MEMORY_H
#define PZ_VMM_MEMORY_H

#include "vmm/vmm.h"

/*
 * As pmap_translate(), but never returns PMAP_AWAY; with `store` a shared page is first made the
 * VM's own.
 */
enum pmap_result memory_translate(struct vm *vm, struct gpa gpa, bool store,
                                  struct mpa *mpa) PZ_MUST_CHECK;

/*
 * The bytes of a page, valid until the next call into the monitor; NULL: not RAM, or never written.
 */
const uint8_t *memory_look(struct vm *vm, struct gpa gpa);

/* The page of RAM becomes zero and gives up its machine page. */
void memory_give_up(struct vm *vm, struct gpa gpa);

/* ---- For share.c and paging.c ---- */

/* The VM is about to lose the machine page: drop everything derived from it. */
void memory_drop(struct vm *vm, struct mpa page);

/* Return a guest page without users to the allocator. */
void memory_free(struct vmm *vmm, struct mpa page);

#endif
