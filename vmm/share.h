/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * share.h - content-based page sharing (Waldspurger 2002; Disco's copy-on-write): pages of guests
 * with equal bytes become one machine page, read-only for all of them. A write to it gives the
 * writer a page of its own again. Guests cannot tell, unless they can measure time: then they learn
 * what others have in memory (docs/sharing.md). So it is off unless asked for.
 *
 * Pages are looked at in turn, so many for each million instructions that guests retire: at the
 * same instructions in every run. A page is shared once it was found with the same bytes twice; if
 * a write then undoes that, it has to be found so twice as often, and again: pages in use as data
 * are left alone soon. What was loaded from one file is shared at once.
 */
#ifndef PZ_VMM_SHARE_H
#define PZ_VMM_SHARE_H

#include "vmm/pmap.h"

#define SHARE_RATE_DEFAULT 64u /* pages looked at for each million instructions */
#define SHARE_PASS_DEFAULT                                                                     \
    100u /* millions of instructions between two looks at one, at least */

/* Pages of guests' RAM that may be one machine page: bounds how long a list of mappings gets. */
#define SHARE_REFS_MOST 64u

/* A chain is looked through no further: a guest may know the hash, and make it long. */
#define SHARE_CHAIN_MOST 32u

struct vm;
struct vmm;

struct share {
    bool on;
    uint32_t rate;       /* as SHARE_RATE_DEFAULT... */
    uint32_t pass;       /* ...and SHARE_PASS_DEFAULT */
    struct mpa table;    /* where chains of equal hashes begin: page numbers, 0 for none */
    uint32_t buckets;    /* a power of two */
    uint32_t next;       /* the machine page to be looked at next */
    uint64_t owed;       /* pages to be looked at, in millionths */
    uint32_t pages;      /* shared ones */
    uint32_t refs;       /* what there would be without: each counted for each that has it */
    uint32_t most_pages; /* the same two when most was saved */
    uint32_t most_refs;
    uint64_t looked, merged, broken; /* so far */
};

/*
 * Share from now on, at that pace; `pass` 0: however often. Before VMs are added, with the
 * monitor's own parts. False: no memory.
 */
bool share_init(struct vmm *vmm, uint32_t rate, uint32_t pass) PZ_MUST_CHECK;

/* A turn of `ran` instructions has ended: look at some pages. */
void share_scan(struct vmm *vmm, uint64_t ran);

/*
 * And the VM whose turn it was gets its own page of a table that is compared with its shadow again
 * and again, since only then can it be watched (shadow_still.h).
 */
void share_own_table(struct vm *vm);

/* These pages of a VM are likely to be another's as well: look at them now. */
void share_range(struct vm *vm, struct gpa gpa, uint64_t len);

/* The VM is about to write to a shared page: it gets its own. PMAP_NO_MEMORY: there is none. */
enum pmap_result share_break(struct vm *vm, struct gpa gpa, struct mpa *mpa) PZ_MUST_CHECK;

/*
 * A VM that has no page at `gpa`, and has not run, gets the one that another has there, which has
 * not run either. False: that has none, or as many users as a page may have; or no memory.
 */
bool share_with(struct vm *vm, struct gpa gpa, const struct vm *other) PZ_MUST_CHECK;

/* A page of the VM's is no longer this shared one. The caller sets its pmap. */
void share_release(struct vm *vm, struct mpa page);

/* The VM is about to be removed: none of its pages is shared with anybody or found any more. */
void share_leave(struct vm *vm);

/* The page's contents will be others: nobody is to find it. */
void share_forget(struct vmm *vmm, struct mpa page);

/* Does the VM's memory have this shared page? Slow: for checks. */
bool share_has(const struct vm *vm, struct mpa page);

/* Pages of the VM's RAM that are shared ones. */
uint32_t share_count(const struct vm *vm);

/* Machine pages that sharing saves now. */
static inline uint32_t share_saved(const struct share *share)
{
    return share->refs - share->pages;
}

#endif
