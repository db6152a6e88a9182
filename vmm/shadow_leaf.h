/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * shadow_leaf.h - entries and leaf tables of a VM's shadows: how an entry is found, written and
 * dropped, and how a leaf table is linked into a root and removed. Internal to the shadow_*.c files
 * and their check (check.c); other files drop entries through shadow.h.
 */
#ifndef PZ_VMM_SHADOW_LEAF_H
#define PZ_VMM_SHADOW_LEAF_H

#include <stddef.h>

#include "vmm/shadow.h"

/* RSW: the entry would have PTE_W, but its page is clean (dirty.h). */
#define ENTRY_WITHHELD (1u << 8)

static inline uint32_t shadow_read(const struct shadow *shadow, struct mpa entry)
{
    return load_le32(allocate_host(shadow->allocator, entry));
}

static inline void shadow_write(struct shadow *shadow, struct mpa entry, uint32_t value)
{
    store_le32(allocate_host(shadow->allocator, entry), value);
}

/* The entry without write protection by dirty tracking, so that tracking changes no count. */
static inline uint32_t shadow_meant(uint32_t value)
{
    return value & ENTRY_WITHHELD ? (value & ~ENTRY_WITHHELD) | PTE_W : value;
}

static inline struct mpa shadow_target(uint32_t value)
{
    return (struct mpa){PTE_PPN(value) << PAGE_SHIFT};
}

static inline struct mpa shadow_entry(struct mpa table, uint32_t index)
{
    return (struct mpa){table.v + 4 * index};
}

static inline uint32_t shadow_root_satp(const struct shadow_root *root)
{
    return SATP_SV32 | root->table.v >> PAGE_SHIFT;
}

/* Must its entries be compared with the guest's before use? */
static inline bool shadow_doubts(const struct shadow_root *root)
{
    return root->doubted;
}

static inline void shadow_doubt(struct shadow *shadow, struct shadow_root *root, bool doubt)
{
    size_t number = (size_t)(root - shadow->roots);
    uint64_t bit = 1ull << number % 64;

    root->doubted = doubt;
    if (doubt)
        shadow->doubted[number / 64] |= bit;
    else
        shadow->doubted[number / 64] &= ~bit;
}

/*
 * The leaf table in a root's slot (bits 31..22 of a gva); MPA_NONE for none. An entry that is a
 * leaf itself is the engine's (isa/engine/cpu/cpu.h).
 */
static inline struct mpa shadow_leaf(const struct shadow *shadow,
                                     const struct shadow_root *root, uint32_t slot)
{
    uint32_t value = shadow_read(shadow, shadow_entry(root->table, slot));

    return PTE_LEAF(value) ? MPA_NONE : shadow_target(value);
}

/* The subset of `rights` that the page's state allows: no W for a watched table; see code.h too. */
uint32_t shadow_page_rights(const struct shadow *shadow, struct mpa page, uint32_t rights);

/* Write an entry that maps `target` with `rights`, replacing what is there. */
void shadow_leaf_set(struct shadow *shadow, struct mpa entry, struct mpa target,
                     uint32_t rights);

#define SHADOW_GROUP 64u /* entries per bit of `groups` in struct page */

/*
 * Judge half a group of entries, as many as any host's registers have bits, starting at index
 * `first`. Returns a bit for each entry to drop; `*stays`: some entry remains.
 */
#define SHADOW_HALF 32u

struct shadow_verdict {
    uint32_t gone;
    bool some_stay;
};

typedef struct shadow_verdict shadow_judge(void *owner, const uint8_t *entries, uint32_t first);

/* Drop the entries that `judge` rejects, or all if it is NULL, without notifying the engine. */
void shadow_leaf_sweep(struct shadow *shadow, struct mpa leaf, shadow_judge *judge,
                       void *owner);

/* Make a leaf table for a slot of the current root. False: the machine has no page left for it. */
bool shadow_leaf_new(struct shadow *shadow, uint32_t slot, struct mpa *leaf) PZ_MUST_CHECK;

#endif
