/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * paging.h - when machine memory is short, balloons of guests are asked for some; when it is all
 * used and no guest gives any up, the monitor writes pages of
 * guests to a store of the host's, and reads them back when they are asked for. Whose page goes is
 * decided by the idle-memory tax (tax.h), which page by a clock: one that no shadow entry has
 * mapped since the hand last came by. A page that changes hands is zeroed or overwritten first.
 *
 * Without a store nothing is paged: a VM that needs a page where there is none is stopped.
 */
#ifndef PZ_VMM_PAGING_H
#define PZ_VMM_PAGING_H

#include "vmm/vmm.h"

/* The last pages that the monitor asked for stay: it may be using them right now. */
#define PAGING_PINNED 128u

#define PAGING_BATCH 32u /* pages that are written when one is needed */

/* Use this store from now on; before VMs are added, with the monitor's own parts. */
void paging_init(struct vmm *vmm, const struct paging_store *store);

/*
 * A turn is over. If little memory is free, a guest with a balloon is asked for some, before any
 * page has to be written; if there is plenty, one gets some back. Whose, the tax says.
 */
void paging_balance(struct vmm *vmm);

/* A page that is away comes back. */
enum pmap_result paging_in(struct vm *vm, struct gpa gpa, struct mpa *mpa) PZ_MUST_CHECK;

/* The bytes of a page that is away; NULL: the store has failed. */
const uint8_t *paging_look(struct vm *vm, struct gpa gpa);

/* Give the VM's shadow tables to who needs memory: they are made anew. False: it had none. */
bool paging_drop_tables(struct vm *vm);

/* The monitor asks for a page. */
static inline void paging_touch(struct vmm *vmm, struct mpa mpa)
{
    allocate_info(&vmm->allocator, mpa)->touched = ++vmm->paging.clock;
}

#endif
