/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * pmap.c - the table of a second stage, Sv32x4 (Privileged ISA 8.5.1):
 *
 *    guest-physical address:   33          22 21      12 11        0
 *                             +--------------+----------+-----------+
 *                             |     root     |   leaf   |  in page  |
 *                             +--------------+----------+-----------+
 *
 * A guest may do anything with its RAM, and has not to be told of A and D: entries allow all, and
 * are marked accessed and dirty; but a page that guests share is read-only. They are invalid until
 * a page is attached; of an invalid one a bit says whether the store has its bytes. Where possible,
 * all pages are contiguous in the machine as in the guest, or at least those of one leaf: this
 * costs little here, and lets an engine predict translations. In `jit` a load that meets another
 * distance than the last time is mispredicted by the host, too.
 */
#include "vmm/pmap.h"

#include "isa/csr_fields.h"
#include "vmm/parts.h"

#define LEAF_FLAGS (PTE_V | PTE_R | PTE_W | PTE_X | PTE_U | PTE_A | PTE_D)
#define LEAF_WITHHELD (1u << 8) /* RSW: not writable yet, by pmap_withhold() */
#define ENTRY_AWAY PTE_R /* of an entry that is not valid: nobody but the monitor looks */
#define REGION_SHIFT 22  /* what a leaf covers */

/* RAM of more is set aside leaf by leaf: the allocator's records of it all would take too much. */
#define WHOLE_MOST (128ull << 20)

bool pmap_init(struct pmap *pmap, struct allocator *allocator, uint16_t owner, uint64_t base,
               uint64_t size)
{
    *pmap = (struct pmap){.allocator = allocator, .owner = owner, .base = base, .size = size};
    return allocate_pages(allocator, owner, PAGE_PMAP, SV32X4_ROOT_PAGES, &pmap->root);
}

uint32_t pmap_hgatp(const struct pmap *pmap)
{
    return SATP_SV32 | pmap->root.v >> PAGE_SHIFT;
}

static uint8_t *entry(const struct pmap *pmap, struct mpa table, uint32_t slot)
{
    return allocate_host(pmap->allocator, table) + 4 * slot;
}

static struct mpa entry_mpa(const struct pmap *pmap, struct mpa table, uint32_t slot)
{
    return pmap_entry(allocate_host(pmap->allocator, table), slot);
}

const uint8_t *pmap_leaf(const struct pmap *pmap, uint32_t slot)
{
    struct mpa leaf = entry_mpa(pmap, pmap->root, slot);

    return leaf.v ? allocate_host(pmap->allocator, leaf) : NULL;
}

static void set_entry(const struct pmap *pmap, struct mpa table, uint32_t slot, struct mpa mpa,
                      uint32_t flags)
{
    store_le32(entry(pmap, table, slot), PTE_MAKE(mpa.v >> PAGE_SHIFT, flags));
}

/* The part of a leaf's region that is RAM, in pages. Some of it is. */
struct extent {
    uint32_t first, count;
};

static struct extent leaf_extent(const struct pmap *pmap, uint32_t slot)
{
    uint64_t from = (uint64_t)slot << REGION_SHIFT, to = from + (1u << REGION_SHIFT);
    uint64_t end = pmap->base + pmap->size;

    from = from > pmap->base ? from : pmap->base;
    to = to < end ? to : end;
    return (struct extent){SV32_INDEX((uint32_t)from, 0),
                           (uint32_t)((to - from) >> PAGE_SHIFT)};
}

/* Is all RAM set aside? Then the root's record says where; else it may be that there is room. */
static bool has_whole(struct pmap *pmap)
{
    struct mpa *whole = &allocate_info(pmap->allocator, pmap->root)->link;

    return whole->v || (pmap->size <= WHOLE_MOST &&
                        allocate_reserve(pmap->allocator, pmap->owner,
                                         (uint32_t)(pmap->size >> PAGE_SHIFT), whole));
}

/* What is set aside for a leaf's pages; MPA_NONE: nothing. */
static struct mpa set_aside(struct pmap *pmap, uint32_t slot)
{
    uint64_t start = (uint64_t)slot << REGION_SHIFT;
    uint32_t offset = start > pmap->base ? (uint32_t)(start - pmap->base) : 0;
    struct mpa home;

    if (PZ_HOSTED && has_whole(pmap))
        return (struct mpa){allocate_info(pmap->allocator, pmap->root)->link.v + offset};
    if (allocate_reserve(pmap->allocator, pmap->owner, leaf_extent(pmap, slot).count, &home))
        return home;
    return MPA_NONE;
}

static bool new_leaf(struct pmap *pmap, uint32_t slot, struct mpa *leaf)
{
    if (!allocate_page(pmap->allocator, pmap->owner, PAGE_PMAP, leaf))
        return false;
    allocate_info(pmap->allocator, *leaf)->link = set_aside(pmap, slot);
    set_entry(pmap, pmap->root, slot, *leaf, PTE_V);
    return true;
}

static bool find_leaf(struct pmap *pmap, uint32_t slot, struct mpa *leaf)
{
    if (pmap->last.v && pmap->last_slot == slot) {
        *leaf = pmap->last;
        return true;
    }
    *leaf = entry_mpa(pmap, pmap->root, slot);
    if (!leaf->v && !new_leaf(pmap, slot, leaf))
        return false;
    pmap->last = *leaf;
    pmap->last_slot = slot;
    return true;
}

static uint32_t place_of(const struct pmap *pmap, struct gpa gpa)
{
    return (uint32_t)((gpa.v - pmap->base) >> PAGE_SHIFT);
}

/* The page reserved for this guest page, or any other if that has been taken. */
static bool new_page(struct pmap *pmap, struct mpa leaf, struct gpa gpa, struct mpa *mpa)
{
    struct mpa home = allocate_info(pmap->allocator, leaf)->link;
    uint32_t first = leaf_extent(pmap, SV32X4_INDEX_ROOT(gpa.v)).first;

    *mpa = (struct mpa){home.v + ((SV32_INDEX((uint32_t)gpa.v, 0) - first) << PAGE_SHIFT)};
    if (home.v && allocate_reserved(pmap->allocator, pmap->owner, PAGE_GUEST, *mpa))
        return true;
    return allocate_page(pmap->allocator, pmap->owner, PAGE_GUEST, mpa);
}

/* Its bytes, if they are elsewhere. Other pages may come with it. */
static bool fill(struct pmap *pmap, struct gpa gpa, struct mpa mpa)
{
    const struct pmap_source *source = pmap->source;

    return !source ||
           source->fill(source->owner, pmap, (struct gpa){gpa.v & ~(uint64_t)PAGE_MASK},
                        allocate_host(pmap->allocator, mpa));
}

static void set_attached(struct pmap *pmap, struct mpa leaf, struct gpa gpa, struct mpa mpa)
{
    uint32_t flags = pmap->withholds ? (LEAF_FLAGS & ~PTE_W) | LEAF_WITHHELD : LEAF_FLAGS;

    allocate_info(pmap->allocator, mpa)->place = place_of(pmap, gpa);
    set_entry(pmap, leaf, SV32_INDEX((uint32_t)gpa.v, 0), mpa, flags);
}

/* The page in a leaf's entry; allocates one if there is none. */
static enum pmap_result attach(struct pmap *pmap, struct mpa leaf, struct gpa gpa,
                               struct mpa *mpa)
{
    uint32_t slot = SV32_INDEX((uint32_t)gpa.v, 0);

    *mpa = entry_mpa(pmap, leaf, slot);
    if (mpa->v)
        return PMAP_OK;
    if (load_le32(entry(pmap, leaf, slot)) == ENTRY_AWAY)
        return PMAP_AWAY;
    if (!new_page(pmap, leaf, gpa, mpa))
        return PMAP_NO_MEMORY;
    set_attached(pmap, leaf, gpa, *mpa);
    return fill(pmap, gpa, *mpa) ? PMAP_OK : PMAP_NO_MEMORY;
}

bool pmap_attach(struct pmap *pmap, struct gpa gpa, struct mpa mpa)
{
    uint32_t slot = SV32X4_INDEX_ROOT(gpa.v);
    struct mpa leaf = entry_mpa(pmap, pmap->root, slot);

    if (!leaf.v) {
        if (!allocate_page(pmap->allocator, pmap->owner, PAGE_PMAP, &leaf))
            return false;
        set_entry(pmap, pmap->root, slot, leaf, PTE_V); /* nothing is set aside for others */
    }
    set_attached(pmap, leaf, gpa, mpa);
    return true;
}

/* The leaf's entry for an address; NULL: none is valid. */
static uint8_t *valid_entry(const struct pmap *pmap, struct gpa gpa)
{
    struct mpa leaf;
    uint8_t *at;

    if (gpa.v - pmap->base >= pmap->size)
        return NULL;
    leaf = entry_mpa(pmap, pmap->root, SV32X4_INDEX_ROOT(gpa.v));
    if (!leaf.v)
        return NULL;
    at = entry(pmap, leaf, SV32_INDEX((uint32_t)gpa.v, 0));
    return load_le32(at) & PTE_V ? at : NULL;
}

void pmap_detach(struct pmap *pmap, struct gpa gpa)
{
    uint8_t *at = valid_entry(pmap, gpa);

    if (!at)
        return;
    allocate_free(pmap->allocator, (struct mpa){PTE_PPN(load_le32(at)) << PAGE_SHIFT});
    store_le32(at, 0);
    pmap->recent = MPA_NONE;
}

void pmap_withhold(struct pmap *pmap, struct gpa gpa)
{
    uint8_t *at = valid_entry(pmap, gpa);

    if (at && load_le32(at) & PTE_W)
        store_le32(at, (load_le32(at) & ~PTE_W) | LEAF_WITHHELD);
}

bool pmap_give_back(struct pmap *pmap, struct gpa gpa)
{
    uint8_t *at = valid_entry(pmap, gpa);

    if (!at || !(load_le32(at) & LEAF_WITHHELD))
        return false;
    store_le32(at, (load_le32(at) & ~LEAF_WITHHELD) | PTE_W);
    return true;
}

bool pmap_settle(struct pmap *pmap)
{
    const struct pmap_source *source = pmap->source;

    return !source || source->fill_all(source->owner, pmap);
}

/* The firmware of a monitor asks for one page, twice at each exit (sbi_nested.c). */
static bool is_recent(const struct pmap *pmap, struct gpa gpa)
{
    return pmap->recent.v && (gpa.v ^ pmap->recent_gpa) < PAGE_SIZE;
}

enum pmap_result pmap_translate_own(struct pmap *pmap, struct gpa gpa, struct mpa *mpa)
{
    enum pmap_result result;
    struct mpa leaf;

    if (!is_recent(pmap, gpa)) {
        if (gpa.v - pmap->base >= pmap->size)
            return PMAP_NOT_RAM;
        if (!find_leaf(pmap, SV32X4_INDEX_ROOT(gpa.v), &leaf))
            return PMAP_NO_MEMORY;
        result = attach(pmap, leaf, gpa, mpa);
        if (result != PMAP_OK)
            return result;
        pmap->recent = *mpa;
        pmap->recent_gpa = gpa.v;
    }
    mpa->v = pmap->recent.v | (uint32_t)(gpa.v & PAGE_MASK);
    return PMAP_OK;
}

struct mpa pmap_lookup_own(const struct pmap *pmap, struct gpa gpa)
{
    struct mpa mpa = pmap->recent;

    if (!is_recent(pmap, gpa)) {
        if (gpa.v - pmap->base >= pmap->size)
            return MPA_NONE;
        mpa = entry_mpa(pmap, pmap->root, SV32X4_INDEX_ROOT(gpa.v));
        if (mpa.v)
            mpa = entry_mpa(pmap, mpa, SV32_INDEX((uint32_t)gpa.v, 0));
    }
    if (mpa.v)
        mpa.v |= (uint32_t)(gpa.v & PAGE_MASK);
    return mpa;
}

/* ---- Pages that come and go ---- */

/* The leaf page for a guest page; MPA_NONE: none. */
static struct mpa leaf_of(const struct pmap *pmap, struct gpa gpa)
{
    return entry_mpa(pmap, pmap->root, SV32X4_INDEX_ROOT(gpa.v));
}

void pmap_set(struct pmap *pmap, struct gpa gpa, struct mpa page, bool writable)
{
    set_entry(pmap, leaf_of(pmap, gpa), SV32_INDEX((uint32_t)gpa.v, 0), page,
              writable ? LEAF_FLAGS : LEAF_FLAGS & ~PTE_W);
    pmap->recent = MPA_NONE;
}

void pmap_unset(struct pmap *pmap, struct gpa gpa, bool away)
{
    set_entry(pmap, leaf_of(pmap, gpa), SV32_INDEX((uint32_t)gpa.v, 0), MPA_NONE,
              away ? ENTRY_AWAY : 0);
    pmap->recent = MPA_NONE;
}

static uint32_t entry_of(const struct pmap *pmap, struct gpa gpa)
{
    struct mpa leaf = leaf_of(pmap, gpa);

    return leaf.v ? load_le32(entry(pmap, leaf, SV32_INDEX((uint32_t)gpa.v, 0))) : 0;
}

bool pmap_is_away(const struct pmap *pmap, struct gpa gpa)
{
    return gpa.v - pmap->base < pmap->size && entry_of(pmap, gpa) == ENTRY_AWAY;
}

bool pmap_next(const struct pmap *pmap, struct gpa *gpa)
{
    while (gpa->v - pmap->base < pmap->size) {
        if (entry_of(pmap, *gpa))
            return true;
        if (leaf_of(pmap, *gpa).v)
            gpa->v += PAGE_SIZE;
        else
            gpa->v = (gpa->v | ((1u << REGION_SHIFT) - 1)) + 1;
    }
    return false;
}

enum pmap_result pmap_translate(struct pmap *pmap, struct gpa gpa, struct mpa *mpa)
{
    if (PZ_HOSTED && __builtin_expect(pmap->parts != NULL, 0))
        return pmap->parts->pmap_translate(pmap, gpa, mpa);
    return pmap_translate_own(pmap, gpa, mpa);
}

struct mpa pmap_lookup(const struct pmap *pmap, struct gpa gpa)
{
    if (PZ_HOSTED && __builtin_expect(pmap->parts != NULL, 0))
        return pmap->parts->pmap_lookup(pmap, gpa);
    return pmap_lookup_own(pmap, gpa);
}
