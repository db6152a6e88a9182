/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * share.h - content-based page sharing (Waldspurger 2002; Disco's copy-on-write): guest pages with
 * equal bytes become one machine page, read-only for all of them. A write gives the writer a page
 * of its own again. Guests can detect this only by measuring time, which tells them what other
 * guests have in memory (docs/sharing.md). So it is off by default.
 *
 * Pages are scanned in turn, a fixed number for each million instructions that guests retire, so at
 * the same instructions in every run. A page is shared once two scans have found the same bytes;
 * each time a write ends the sharing, that number doubles, so pages in use as data are soon left
 * alone. Pages loaded from the same file are shared at once.
 */
#ifndef PZ_VMM_SHARE_H
#define PZ_VMM_SHARE_H

#include "vmm/pmap.h"

#define SHARE_RATE_DEFAULT 64u /* pages scanned per million instructions */
#define SHARE_PASS_DEFAULT                                                                     \
    100u /* millions of instructions between two looks at one, at least */

/* Guest pages that may share one machine page: this bounds the length of its list of mappings. */
#define SHARE_REFS_MOST 64u

/* A chain is searched no further: a guest may know the hash function, and make chains long. */
#define SHARE_CHAIN_MOST 32u

struct vm;
struct vmm;

struct share {
    bool on;
    uint32_t rate;       /* as SHARE_RATE_DEFAULT... */
    uint32_t pass;       /* ...and SHARE_PASS_DEFAULT */
    struct mpa table;    /* the hash table: first page number of each chain, 0 for none */
    uint32_t buckets;    /* a power of two */
    uint32_t next;       /* the next machine page to scan */
    uint64_t owed;       /* pages due for a scan, in millionths */
    uint32_t pages;      /* shared machine pages */
    uint32_t refs;       /* guest pages that map to them */
    uint32_t most_pages; /* both, when sharing saved most */
    uint32_t most_refs;
    uint64_t looked, merged, broken; /* totals */
};

/*
 * Share pages from now on, at this rate; `pass` 0: no minimum between two scans of a page. Call
 * before VMs are added, and only with the monitor's own parts. False: no memory.
 */
bool share_init(struct vmm *vmm, uint32_t rate, uint32_t pass) PZ_MUST_CHECK;

/* A turn of `ran` instructions has ended: scan some pages. */
void share_scan(struct vmm *vmm, uint64_t ran);

/*
 * Give the VM a private copy of a shared page that holds a page table compared at every fence: only
 * then can the table be watched (shadow_still.h). Called after the VM's turn.
 */
void share_own_table(struct vm *vm);

/* Scan these pages of a VM now: another VM is likely to have the same ones. */
void share_range(struct vm *vm, struct gpa gpa, uint64_t len);

/* The VM is about to write to a shared page: give it its own. PMAP_NO_MEMORY: none is left. */
enum pmap_result share_break(struct vm *vm, struct gpa gpa, struct mpa *mpa) PZ_MUST_CHECK;

/*
 * Map another VM's page at `gpa` into this VM, which has none there. Neither VM has run yet. False:
 * the other has no page there, the page has the most users allowed, or there is no memory.
 */
bool share_with(struct vm *vm, struct gpa gpa, const struct vm *other) PZ_MUST_CHECK;

/* The VM no longer uses this shared page. The caller updates its pmap. */
void share_release(struct vm *vm, struct mpa page);

/* The VM is about to be removed: end all sharing of its pages, and forget their contents. */
void share_leave(struct vm *vm);

/* The page's contents are about to change: remove it from the hash table. */
void share_forget(struct vmm *vmm, struct mpa page);

/* Does the VM use this shared page? Slow: for checks. */
bool share_has(const struct vm *vm, struct mpa page);

/* Number of pages of the VM's RAM that are shared. */
uint32_t share_count(const struct vm *vm);

/* Number of machine pages that sharing saves now. */
static inline uint32_t share_saved(const struct share *share)
{
    return share->refs - share->pages;
}

#endif
