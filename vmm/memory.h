/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * memory.h - a VM's memory while its machine pages come and go: shared with other guests
 * (share.h), paged out (paging.h), given up by a balloon. Everything that reaches guest memory for
 * the guest's sake comes by here; what each page is, the pmap says. Without sharing and paging
 * this is the pmap alone.
 *
 *             own <------ first access ------ none: reads as zero
 *       |  ^   |  ^                            ^
 *  equal|  |   |  +---- access -----+          |
 *       v  |   +-- memory is short -> away     +-- given up, from any of the others
 *     shared: read-only; a write makes it own
 */
#ifndef PZ_VMM_MEMORY_H
#define PZ_VMM_MEMORY_H

#include "vmm/vmm.h"

/* pmap_translate(); with `store` the page is made the VM's own. Never PMAP_AWAY. */
enum pmap_result memory_translate(struct vm *vm, struct gpa gpa, bool store,
                                  struct mpa *mpa) PZ_MUST_CHECK;

/* The bytes of a page, to be read until anything else happens; NULL: not RAM, or never written. */
const uint8_t *memory_look(struct vm *vm, struct gpa gpa);

/* The page becomes zero, and no machine page is needed for it. RAM. */
void memory_give_up(struct vm *vm, struct gpa gpa);

/* ---- For share.c and paging.c ---- */

/* The machine page is not this VM's for long: what is derived from that is dropped. */
void memory_drop(struct vm *vm, struct mpa page);

/* A guest's page that nobody has any more goes back to the allocator. */
void memory_free(struct vmm *vmm, struct mpa page);

#endif
