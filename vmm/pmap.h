/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * pmap.h - one VM's table from guest-physical to machine pages: the indirection that gives
 * every VM a page 0. Machine pages are attached when they are first needed. The table is a second
 * stage's of RISC-V (Sv32x4): under `assist` the CPU itself walks it (monitors.def).
 */
#ifndef PZ_VMM_PMAP_H
#define PZ_VMM_PMAP_H

#include "isa/sv32.h"
#include "vmm/allocate.h"
#include "vmm/hosted.h"

struct vmm_parts;
struct pmap;

/*
 * Memory whose bytes are still elsewhere, of a VM that was saved: a page comes when it is attached.
 * Whoever reads memory without attaching it, or writes what was never read, asks for it before.
 */
struct pmap_source {
    /* The page has been attached, and is zero: its bytes. False: they cannot be had. */
    bool (*fill)(void *owner, struct pmap *pmap, struct gpa page, uint8_t *bytes);
    /* What it was does not count any more. */
    void (*forget)(void *owner, struct pmap *pmap, struct gpa page);
    /* All pages that are still elsewhere. False: some cannot be had. */
    bool (*fill_all)(void *owner, struct pmap *pmap);
    void *owner;
};

struct pmap {
    struct allocator *allocator;
    uint16_t owner;
    struct mpa root;     /* four pages of entries that name leaf pages; see pmap.c */
    uint64_t base, size; /* the guest's RAM in guest-physical addresses, page-aligned */
    struct mpa last;     /* a recently used leaf page... */
    uint32_t last_slot;  /* ...and its place in the root */
    struct mpa recent;   /* the page that was asked for last, or MPA_NONE... */
    uint64_t recent_gpa; /* ...and an address of it */
    bool withholds;      /* new pages, as those of pmap_withhold() */
    const struct vmm_parts *parts;    /* replacements of the functions here; NULL: none */
    const struct pmap_source *source; /* NULL: pages that are attached are zero */
};

enum pmap_result {
    PMAP_OK,
    PMAP_NOT_RAM,
    PMAP_NO_MEMORY,
    PMAP_AWAY, /* its bytes are in the store: paging.h */
};

/* RAM of `size` bytes at `base`; both page-aligned, size at most 4 GiB. False: no memory. */
bool pmap_init(struct pmap *pmap, struct allocator *allocator, uint16_t owner, uint64_t base,
               uint64_t size) PZ_MUST_CHECK;

/* The machine address of a guest-physical one; a page is attached if there is none yet. */
enum pmap_result pmap_translate(struct pmap *pmap, struct gpa gpa,
                                struct mpa *mpa) PZ_MUST_CHECK;

/* As pmap_translate(), but attaches nothing: MPA_NONE if no page is attached. */
struct mpa pmap_lookup(const struct pmap *pmap, struct gpa gpa);

/* Attach a page of the caller's at `gpa`, where there is none. False: no memory for the table. */
bool pmap_attach(struct pmap *pmap, struct gpa gpa, struct mpa mpa) PZ_MUST_CHECK;

/* All its memory is here from now on. False: some of it cannot be had. */
bool pmap_settle(struct pmap *pmap) PZ_MUST_CHECK;

/*
 * Pages that come and go (memory.h), in the monitor's own table. `gpa` is RAM, and has been
 * attached before.
 */

/* From now on the page is machine page `page`; read-only for the CPU unless `writable`. */
void pmap_set(struct pmap *pmap, struct gpa gpa, struct mpa page, bool writable);

/* It has no machine page any more: it is zero, or `away`. */
void pmap_unset(struct pmap *pmap, struct gpa gpa, bool away);
bool pmap_is_away(const struct pmap *pmap, struct gpa gpa);

/* The first page from *gpa on that is attached or away. False: there is none. */
bool pmap_next(const struct pmap *pmap, struct gpa *gpa) PZ_MUST_CHECK;

/*
 * What is attached there may not be written to by the CPU's second stage. The caller has the engine
 * drop all.
 */
void pmap_withhold(struct pmap *pmap, struct gpa gpa);

/* It may again. False: it was not withheld. */
bool pmap_give_back(struct pmap *pmap, struct gpa gpa);

/* What is attached there, if anything, goes. The VM must not have run: nothing is derived of it. */
void pmap_detach(struct pmap *pmap, struct gpa gpa);

/*
 * For those who look up many pages, with no part replaced: the entries of the leaf at a place in
 * the root, or NULL; and what one of them names, or MPA_NONE.
 */
const uint8_t *pmap_leaf(const struct pmap *pmap, uint32_t slot);

static inline struct mpa pmap_entry(const uint8_t *leaf, uint32_t index)
{
    uint32_t pte = load_le32(leaf + 4 * index);

    return pte & PTE_V ? (struct mpa){PTE_PPN(pte) << PAGE_SHIFT} : MPA_NONE;
}

/* For the CPU: a value of hgatp. */
uint32_t pmap_hgatp(const struct pmap *pmap);

/* The monitor's own parts for both (parts.h). */
enum pmap_result pmap_translate_own(struct pmap *pmap, struct gpa gpa,
                                    struct mpa *mpa) PZ_MUST_CHECK;
struct mpa pmap_lookup_own(const struct pmap *pmap, struct gpa gpa);

#endif
