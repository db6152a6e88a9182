/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * paging.h - when machine memory is short, the monitor inflates balloons of guests; when memory is
 * used up and no guest gives any back, it writes guest pages to a store of the host's, and reads
 * them back on demand. The idle-memory tax (tax.h) chooses the VM, a clock algorithm chooses the
 * page: one that no shadow entry has mapped since the hand last passed. A page is zeroed or
 * overwritten before it changes owners.
 *
 * Without a store there is no paging: a VM that needs a page when none is left is stopped.
 */
#ifndef PZ_VMM_PAGING_H
#define PZ_VMM_PAGING_H

#include "vmm/vmm.h"

/* The pages that the monitor used last are never paged out: it may still be using them. */
#define PAGING_PINNED 128u

#define PAGING_BATCH 32u /* pages written out when one is needed */

/* Use this store from now on. Call before VMs are added, and only with the monitor's own parts. */
void paging_init(struct vmm *vmm, const struct paging_store *store);

/*
 * Called after each turn. If little memory is free, inflate a guest's balloon before any page has
 * to be written out; if there is plenty, deflate one. The tax chooses the guest.
 */
void paging_balance(struct vmm *vmm);

/* Bring a page back that is paged out. */
enum pmap_result paging_in(struct vm *vm, struct gpa gpa, struct mpa *mpa) PZ_MUST_CHECK;

/* The bytes of a page that is paged out; NULL: the store has failed. */
const uint8_t *paging_look(struct vm *vm, struct gpa gpa);

/* Free the VM's shadow tables, which are made again on demand. False: it had none. */
bool paging_drop_tables(struct vm *vm);

/* The monitor uses a page. */
static inline void paging_touch(struct vmm *vmm, struct mpa mpa)
{
    allocate_info(&vmm->allocator, mpa)->touched = ++vmm->paging.clock;
}

#endif
