/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * store.h - a place for pages that are away (vmm/paging.h), in memory, which fails the test when it
 * is asked for a page that it was never given; and the accounts of shared pages, checked one by
 * one.
 */
#ifndef PZ_TESTS_SUPPORT_STORE_H
#define PZ_TESTS_SUPPORT_STORE_H

#include "vmm/vmm.h"

#define STORE_VMS 4u
#define STORE_PAGES 2048u /* of each VM's RAM, at the most */

struct store {
    uint8_t *pages[STORE_VMS][STORE_PAGES];
    uint64_t writes_left; /* the one after the last fails */
    bool lost;            /* nothing can be read */
};

/* Page to this store. It must not move. */
void store_init(struct store *store, struct vmm *vmm);
void store_free(struct store *store);

/* Have others' pages written out: take all memory that is free, then `pages` more; and free it. */
void store_squeeze(struct vmm *vmm, uint64_t pages);

/*
 * Every page of a guest is its own or one of the shared ones, which nobody may write to; and as
 * many guests' pages are those as they say. A failed check ends the test.
 */
void store_check(struct vmm *vmm);

#endif
