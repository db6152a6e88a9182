/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * pmap.h - one VM's table from guest-physical to machine pages: the indirection that gives
 * every VM a page 0. Machine pages are attached when they are first needed. The table is a second
 * stage's of RISC-V (Sv32x4): under `assist` the CPU itself walks it (monitors.def).
 */
#ifndef PZ_VMM_PMAP_H
#define PZ_VMM_PMAP_H

#include "vmm/allocate.h"

struct vmm_parts;

struct pmap {
    struct allocator *allocator;
    uint16_t owner;
    struct mpa root;     /* four pages of entries that name leaf pages; see pmap.c */
    uint64_t base, size; /* the guest's RAM in guest-physical addresses, page-aligned */
    struct mpa last;     /* a recently used leaf page... */
    uint32_t last_slot;  /* ...and its place in the root */
    const struct vmm_parts *parts; /* replacements of the functions here; NULL: none */
};

enum pmap_result { PMAP_OK, PMAP_NOT_RAM, PMAP_NO_MEMORY };

/* RAM of `size` bytes at `base`; both page-aligned, size at most 4 GiB. False: no memory. */
bool pmap_init(struct pmap *pmap, struct allocator *allocator, uint16_t owner, uint64_t base,
               uint64_t size) PZ_MUST_CHECK;

/* The machine address of a guest-physical one; a page is attached if there is none yet. */
enum pmap_result pmap_translate(struct pmap *pmap, struct gpa gpa,
                                struct mpa *mpa) PZ_MUST_CHECK;

/* As pmap_translate(), but attaches nothing: MPA_NONE if no page is attached. */
struct mpa pmap_lookup(const struct pmap *pmap, struct gpa gpa);

/* For the CPU: a value of hgatp. */
uint32_t pmap_hgatp(const struct pmap *pmap);

/* The monitor's own parts for both (parts.h). */
enum pmap_result pmap_translate_own(struct pmap *pmap, struct gpa gpa,
                                    struct mpa *mpa) PZ_MUST_CHECK;
struct mpa pmap_lookup_own(const struct pmap *pmap, struct gpa gpa);

#endif
