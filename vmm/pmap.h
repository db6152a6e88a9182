/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * pmap.h - one VM's table from guest-physical to machine pages: the indirection that gives every VM
 * a page 0. Machine pages are attached when they are first needed. The table has RISC-V's
 * second-stage format (Sv32x4): under `assist` the CPU itself walks it (monitors.def).
 */
#ifndef PZ_VMM_PMAP_H
#define PZ_VMM_PMAP_H

#include "isa/sv32.h"
#include "vmm/allocate.h"
#include "vmm/hosted.h"

struct vmm_parts;
struct pmap;

/*
 * Where the memory of a restored VM comes from: a page is fetched when it is attached. A caller
 * that reads memory without attaching it, or overwrites a page never read, must ask for it first.
 */
struct pmap_source {
    /* Fill in a page that has just been attached and is zero. False: its bytes are lost. */
    bool (*fill)(void *owner, struct pmap *pmap, struct gpa page, uint8_t *bytes);
    /* The saved bytes of the page are no longer needed. */
    void (*forget)(void *owner, struct pmap *pmap, struct gpa page);
    /* Fetch all remaining pages. False: some are lost. */
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
    struct mpa recent;   /* the page looked up last, or MPA_NONE... */
    uint64_t recent_gpa; /* ...and an address in it */
    bool withholds;      /* new pages start as after pmap_withhold() */
    const struct vmm_parts *parts;    /* replacements of the functions here; NULL: none */
    const struct pmap_source *source; /* NULL: pages that are attached are zero */
};

enum pmap_result {
    PMAP_OK,
    PMAP_NOT_RAM,
    PMAP_NO_MEMORY,
    PMAP_AWAY, /* paged out to the store: paging.h */
};

/*
 * Make a pmap for `size` bytes of RAM at `base`; both page-aligned, size at most 4 GiB. False: no
 * memory.
 */
bool pmap_init(struct pmap *pmap, struct allocator *allocator, uint16_t owner, uint64_t base,
               uint64_t size) PZ_MUST_CHECK;

/* Translate a guest-physical address; attaches a page if there is none yet. */
enum pmap_result pmap_translate(struct pmap *pmap, struct gpa gpa,
                                struct mpa *mpa) PZ_MUST_CHECK;

/* As pmap_translate(), but attaches nothing: MPA_NONE if no page is attached. */
struct mpa pmap_lookup(const struct pmap *pmap, struct gpa gpa);

/* Attach the caller's page at `gpa`, where there is none. False: no memory for the table. */
bool pmap_attach(struct pmap *pmap, struct gpa gpa, struct mpa mpa) PZ_MUST_CHECK;

/* Fetch all memory that is still in the source. False: some of it is lost. */
bool pmap_settle(struct pmap *pmap) PZ_MUST_CHECK;

/*
 * For pages that come and go (memory.h), with the monitor's own parts. `gpa` is RAM, and has been
 * attached before.
 */

/* Map `gpa` to machine page `page`, read-only for the CPU unless `writable`. */
void pmap_set(struct pmap *pmap, struct gpa gpa, struct mpa page, bool writable);

/* Unmap `gpa`: it reads as zero, or is paged out if `away`. */
void pmap_unset(struct pmap *pmap, struct gpa gpa, bool away);
bool pmap_is_away(const struct pmap *pmap, struct gpa gpa);

/*
 * Advance *gpa to the first page at or after it that is attached or paged out. False: there is
 * none.
 */
bool pmap_next(const struct pmap *pmap, struct gpa *gpa) PZ_MUST_CHECK;

/* The first page attached from *gpa on, which advances to its address; MPA_NONE: there is none. */
struct mpa pmap_next_attached(const struct pmap *pmap, struct gpa *gpa);

/* The number of pages that the table itself takes. */
uint32_t pmap_tables(const struct pmap *pmap);

/*
 * Free the table and the pages set aside for the VM, but not the pages that the table names. The VM
 * has no RAM afterwards.
 */
void pmap_fini(struct pmap *pmap);

/*
 * Write-protect the page at `gpa` in the CPU's second stage. The caller makes the engine drop all
 * its translations.
 */
void pmap_withhold(struct pmap *pmap, struct gpa gpa);

/* Undo pmap_withhold(). False: the page was not withheld. */
bool pmap_give_back(struct pmap *pmap, struct gpa gpa);

/*
 * Detach and free the page at `gpa`, if there is one. The VM must not have run yet, so that nothing
 * is derived from the page.
 */
void pmap_detach(struct pmap *pmap, struct gpa gpa);

/*
 * For looking up many pages, with no part replaced: the entries of the leaf table in a slot of the
 * root, or NULL; and the page that one of them maps, or MPA_NONE.
 */
const uint8_t *pmap_leaf(const struct pmap *pmap, uint32_t slot);

static inline struct mpa pmap_entry(const uint8_t *leaf, uint32_t index)
{
    uint32_t pte = load_le32(leaf + 4 * index);

    return pte & PTE_V ? (struct mpa){PTE_PPN(pte) << PAGE_SHIFT} : MPA_NONE;
}

/* The value of hgatp that selects this table. */
uint32_t pmap_hgatp(const struct pmap *pmap);

/* The monitor's own implementations of these parts (parts.h). */
enum pmap_result pmap_translate_own(struct pmap *pmap, struct gpa gpa,
                                    struct mpa *mpa) PZ_MUST_CHECK;
struct mpa pmap_lookup_own(const struct pmap *pmap, struct gpa gpa);

#endif
